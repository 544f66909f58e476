/** The kernel on every storage: under faults, kills and bad input. */
@NullMarked
package dev.noria.verification;

import org.jspecify.annotations.NullMarked;
