/** A middleware in a few lines: no mails to customers at night. */
@NullMarked
package dev.noria.examples.blackout;

import org.jspecify.annotations.NullMarked;
