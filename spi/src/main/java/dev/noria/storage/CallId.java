package dev.noria.storage;

/**
 * Names one storage call, so that it can be repeated after an unknown outcome (S0.4). One client
 * makes its calls one after the other, with growing sequences; concurrent callers are different
 * clients. Immutable.
 *
 * @param client random per caller and start
 * @param sequence from 1, growing; the same again only to repeat the very same call
 */
public record CallId(long client, long sequence) {}
