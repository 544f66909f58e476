/** Child processes for tests that kill. */
@NullMarked
package dev.noria.tck.process;

import org.jspecify.annotations.NullMarked;
