/** The numbers of a queue in Micrometer: {@link dev.noria.micrometer.Micrometer}. */
@NullMarked
package dev.noria.micrometer;

import org.jspecify.annotations.NullMarked;
