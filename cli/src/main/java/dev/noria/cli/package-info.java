/** The {@code noria} command. */
@NullMarked
package dev.noria.cli;

import org.jspecify.annotations.NullMarked;
