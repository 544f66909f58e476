/** Runs the example. */
@NullMarked
package dev.noria.examples.trace;

import org.jspecify.annotations.NullMarked;
