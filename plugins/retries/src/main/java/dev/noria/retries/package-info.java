/**
 * The plugin that runs a failed job again: {@link dev.noria.retries.Retries} says how often and
 * when, with a {@link dev.noria.retries.RetryPolicy} per type and a {@link
 * dev.noria.retries.RetryRule} per class of error.
 */
@NullMarked
package dev.noria.retries;

import org.jspecify.annotations.NullMarked;
