/**
 * The door to Noria: {@link dev.noria.JobQueue} enqueues, handles, works and looks. The words that
 * it uses are in {@code dev.noria.job}, what can be plugged in is in {@code dev.noria.plugin}.
 */
@NullMarked
package dev.noria;

import org.jspecify.annotations.NullMarked;
