/** One runnable main per feature; a test runs each of them and compares what it prints. */
@NullMarked
package dev.noria.examples;

import org.jspecify.annotations.NullMarked;
