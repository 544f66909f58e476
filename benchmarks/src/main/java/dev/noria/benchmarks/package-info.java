/** What the parts of the kernel cost. */
@NullMarked
package dev.noria.benchmarks;

import org.jspecify.annotations.NullMarked;
