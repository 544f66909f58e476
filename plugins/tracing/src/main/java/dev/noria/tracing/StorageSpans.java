package dev.noria.tracing;

import dev.noria.plugin.StorageObserver;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;

/**
 * A span for each call of the storage: a child of the enqueue or of the acks that make it, else a
 * trace of its own. What this throws the kernel catches.
 */
final class StorageSpans implements StorageObserver {
  private final Spans spans;

  StorageSpans(Spans spans) {
    this.spans = spans;
  }

  @Override
  public Call begins(String operation) {
    Span span = spans.named("storage " + operation, SpanKind.CLIENT).startSpan();
    return (items, tookNanos, error) -> {
      try {
        if (span.isRecording()) {
          span.setAttribute(Names.STORAGE_CALL, operation);
          span.setAttribute(Names.COUNT, items);
          if (error != null) {
            Spans.failed(span, error);
          }
        }
      } finally {
        span.end();
      }
    };
  }
}
