package dev.noria.examples.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * A span that has ended, in one line: an exporter to a real backend would take its place.
 *
 * @param trace the trace
 * @param id the span
 * @param parent the span that it is inside of
 * @param startNanos when it began
 * @param label what to show
 */
record TracedSpan(String trace, String id, String parent, long startNanos, String label) {
  /** Tells its lines from others. */
  static final String MARK = "span";

  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("noria.job.attempt");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("noria.job.outcome");

  /** An OpenTelemetry that tells each span to {@code told}. */
  static OpenTelemetrySdk telemetry(String service, Consumer<TracedSpan> told) {
    return OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(new Exporter(service, told)))
                .build())
        .build();
  }

  private static TracedSpan of(SpanData span, String service) {
    Long attempt = span.getAttributes().get(ATTEMPT);
    String end = attempt == null ? "" : ", attempt " + attempt;
    String outcome = span.getAttributes().get(OUTCOME);
    return new TracedSpan(
        span.getTraceId(),
        span.getSpanId(),
        span.getParentSpanId(),
        span.getStartEpochNanos(),
        span.getName() + " [" + service + end + (outcome == null ? "]" : " " + outcome + "]"));
  }

  /** Reads the form that {@link #toString} writes. */
  static TracedSpan parse(String line) {
    String[] parts = line.split(";", 6);
    return new TracedSpan(parts[1], parts[2], parts[3], Long.parseLong(parts[4]), parts[5]);
  }

  @Override
  public String toString() {
    return String.join(";", MARK, trace, id, parent, Long.toString(startNanos), label);
  }

  private record Exporter(String service, Consumer<TracedSpan> told) implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      spans.forEach(span -> told.accept(of(span, service)));
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
