/** A small storage, written to be read: everything in maps behind one lock, nothing survives. */
@NullMarked
package dev.noria.examples.drawer;

import org.jspecify.annotations.NullMarked;
