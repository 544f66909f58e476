package dev.noria.tracing;

import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.BaggageBuilder;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries the context in the headers of jobs: trace context, and the baggage that is allowed to
 * travel. What does not fit stays behind, for a job must not be refused because it is traced.
 */
final class Headers {
  private static final Limits LIMITS = Limits.defaults();
  private static final TextMapGetter<Map<String, String>> HEADERS = Headers::header;

  private final TextMapPropagator propagator;
  private final Set<String> allowed;
  private final Troubles troubles;

  Headers(ContextPropagators propagators, Set<String> allowed, Troubles troubles) {
    TextMapPropagator configured = propagators.getTextMapPropagator();
    this.propagator = configured.fields().isEmpty() ? w3c() : configured;
    this.allowed = allowed;
    this.troubles = troubles;
  }

  private static TextMapPropagator w3c() {
    return TextMapPropagator.composite(
        W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance());
  }

  /** The headers that carry {@code context}; none when the propagator fails. */
  Map<String, String> of(Context context) {
    Map<String, String> headers = new LinkedHashMap<>();
    try {
      propagator.inject(filtered(context), headers, Headers::put);
      return headers;
    } catch (Throwable e) {
      troubles.tell("write", "the headers of a job", e);
      return Map.of();
    }
  }

  private static void put(
      @Nullable Map<String, String> headers, String name, @Nullable String value) {
    if (headers != null && value != null && fits(name, value)) {
      headers.put(name, value);
    }
  }

  private static boolean fits(String name, String value) {
    return !name.isEmpty()
        && name.length() <= LIMITS.nameBytes()
        && utf8(name) + utf8(value) <= LIMITS.headerBytes()
        && Limits.isText(name)
        && Limits.isText(value);
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The job with more headers; the job itself where they have no room. */
  static NewJob with(NewJob job, Map<String, String> more) {
    if (more.isEmpty() || job.headers().size() + more.size() > LIMITS.headers()) {
      return job;
    }
    NewJob.Builder builder = job.toBuilder();
    more.forEach(builder::header);
    return builder.build();
  }

  /** The context that headers carry, on top of nothing; nothing when the propagator fails. */
  Context context(Map<String, String> headers) {
    if (headers.isEmpty()) {
      return Context.root();
    }
    try {
      return filtered(propagator.extract(Context.root(), headers, HEADERS));
    } catch (Throwable e) {
      troubles.tell("read", "the headers of a job", e);
      return Context.root();
    }
  }

  private Context filtered(Context context) {
    Baggage baggage = Baggage.fromContext(context);
    if (baggage.isEmpty()) {
      return context;
    }
    BaggageBuilder kept = Baggage.builder();
    baggage.forEach(
        (name, entry) -> {
          if (allowed.contains(name)) {
            kept.put(name, entry.getValue(), entry.getMetadata());
          }
        });
    return context.with(kept.build());
  }

  private static @Nullable String header(@Nullable Map<String, String> headers, String name) {
    return headers == null ? null : headers.get(name);
  }
}
