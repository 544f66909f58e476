/** The numbers of a queue in OpenTelemetry: {@link dev.noria.metrics.Metrics}. */
@NullMarked
package dev.noria.metrics;

import org.jspecify.annotations.NullMarked;
