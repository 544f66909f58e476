/** A plugin that is active as soon as its jar is on the class path: tells which jobs are slow. */
@NullMarked
package dev.noria.examples.slowlog;

import org.jspecify.annotations.NullMarked;
