package dev.noria.tracing;

import dev.noria.job.ErrorInfo;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Starts spans; what is the same for all spans of a queue is made once. Thread-safe. */
final class Spans {
  /** Queues may be named by data; what is remembered of them is bounded. */
  private static final int MOST_QUEUES = 1_000;

  private static final String NOWHERE = "";

  private final Tracer tracer;

  Spans(Tracer tracer) {
    this.tracer = tracer;
  }

  /** One operation of the conventions, with what it says of each queue. */
  static final class Operation {
    private final String name;
    private final String type;
    private final Map<String, Heading> headings = new ConcurrentHashMap<>();

    Operation(String name, String type) {
      this.name = name;
      this.type = type;
    }

    private Heading heading(String queue) {
      Heading known = headings.get(queue);
      if (known != null) {
        return known;
      }
      Heading made = new Heading(queue.equals(NOWHERE) ? name : name + " " + queue, all(queue));
      if (headings.size() < MOST_QUEUES) {
        headings.put(queue, made);
      }
      return made;
    }

    private Attributes all(String queue) {
      Attributes common =
          Attributes.of(Names.SYSTEM, "noria", Names.OPERATION, name, Names.OPERATION_TYPE, type);
      return queue.equals(NOWHERE) ? common : common.toBuilder().put(Names.QUEUE, queue).build();
    }
  }

  private record Heading(String span, Attributes attributes) {}

  /**
   * A span of an operation.
   *
   * @param queue null when several are meant
   */
  SpanBuilder of(Operation operation, SpanKind kind, @Nullable String queue) {
    Heading heading = operation.heading(queue == null ? NOWHERE : queue);
    return tracer
        .spanBuilder(heading.span())
        .setSpanKind(kind)
        .setAllAttributes(heading.attributes());
  }

  /** A span of another name. */
  SpanBuilder named(String name, SpanKind kind) {
    return tracer.spanBuilder(name).setSpanKind(kind).setAttribute(Names.SYSTEM, "noria");
  }

  /** What was thrown ended the span's operation. */
  static void failed(Span span, Throwable error) {
    span.recordException(error);
    failed(span, error.getClass().getName());
  }

  /** An error of which only the description is left. */
  static void failed(Span span, ErrorInfo error) {
    span.addEvent(
        "exception",
        Attributes.of(
            Names.EXCEPTION_TYPE,
            error.type(),
            Names.EXCEPTION_MESSAGE,
            error.message(),
            Names.EXCEPTION_STACK,
            error.stack()));
    failed(span, error.type());
  }

  static void failed(Span span, String type) {
    span.setAttribute(Names.ERROR, type);
    span.setStatus(StatusCode.ERROR);
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
