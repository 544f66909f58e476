package dev.noria.wiring;

/**
 * Something to run at start or stop.
 *
 * @param plugin the id of its plugin
 * @param action what to run
 */
public record NamedAction(String plugin, Runnable action) {}
