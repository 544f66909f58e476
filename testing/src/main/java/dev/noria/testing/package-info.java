/**
 * For tests of code that uses Noria: {@link dev.noria.testing.TestQueue} runs jobs on the calling
 * thread by a virtual clock, {@link dev.noria.testing.NoriaAssertions} says what became of them.
 */
@NullMarked
package dev.noria.testing;

import org.jspecify.annotations.NullMarked;
