/**
 * Spans for enqueues, attempts and acks, with the OpenTelemetry API only: {@link
 * dev.noria.tracing.Tracing}.
 */
@NullMarked
package dev.noria.tracing;

import org.jspecify.annotations.NullMarked;
