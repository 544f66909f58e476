/**
 * Judges long runs: producers and workers say to a {@link dev.noria.tck.history.History} what they
 * saw, and {@link dev.noria.tck.history.HistoryChecker} holds it, together with what is stored at
 * the end, against the sixteen invariants of the storage contract. One history is about one
 * namespace.
 */
@NullMarked
package dev.noria.tck.history;

import org.jspecify.annotations.NullMarked;
