/** A producer and a worker in two JVMs, and the one trace that both made. */
@NullMarked
package dev.noria.examples.trace;

import org.jspecify.annotations.NullMarked;
