/** Benchmarks of what the kernel keeps to itself; they have to stand in its package. */
@NullMarked
package dev.noria.kernel;

import org.jspecify.annotations.NullMarked;
