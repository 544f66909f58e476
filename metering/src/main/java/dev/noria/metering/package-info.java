/**
 * What there is to measure in a queue: {@link dev.noria.metering.Metering} gathers it, a {@link
 * dev.noria.metering.Meter} takes it to a metrics library. Not for applications.
 */
@NullMarked
package dev.noria.metering;

import org.jspecify.annotations.NullMarked;
