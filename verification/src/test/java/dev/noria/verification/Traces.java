package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenTelemetry that keeps its spans in memory, and knows how many have begun. */
final class Traces implements AutoCloseable {
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final Balance balance = new Balance();
  private final OpenTelemetrySdk sdk;

  Traces(SpanProcessor... more) {
    var provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(balance)
            .addSpanProcessor(SimpleSpanProcessor.create(exporter));
    for (SpanProcessor processor : more) {
      provider.addSpanProcessor(processor);
    }
    sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(provider.build())
            .setPropagators(
                ContextPropagators.create(
                    TextMapPropagator.composite(
                        W3CTraceContextPropagator.getInstance(),
                        W3CBaggagePropagator.getInstance())))
            .build();
  }

  OpenTelemetrySdk sdk() {
    return sdk;
  }

  /** The spans that have ended, in the order of their ends. */
  List<SpanData> all() {
    return exporter.getFinishedSpanItems();
  }

  /** Those of this name. */
  List<SpanData> named(String name) {
    return all().stream().filter(span -> span.getName().equals(name)).toList();
  }

  /** The only one of this name. */
  SpanData one(String name) {
    List<SpanData> found = named(name);
    assertThat(found).as(name + " among " + all()).hasSize(1);
    return found.get(0);
  }

  static String text(SpanData span, String attribute) {
    return span.getAttributes().get(AttributeKey.stringKey(attribute));
  }

  static Long number(SpanData span, String attribute) {
    return span.getAttributes().get(AttributeKey.longKey(attribute));
  }

  /** Every span that has begun has ended, and this thread has no context left over. */
  void assertBalanced() {
    assertThat(balance.ended).hasValue(balance.begun.get());
    assertThat(Context.current()).isSameAs(Context.root());
  }

  @Override
  public void close() {
    sdk.close();
  }

  private static final class Balance implements SpanProcessor {
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
      begun.incrementAndGet();
    }

    @Override
    public boolean isStartRequired() {
      return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      ended.incrementAndGet();
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }
  }
}
