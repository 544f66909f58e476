package dev.noria.tracing;

import static java.util.Objects.requireNonNull;

import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.Installer;
import dev.noria.plugin.Plugin;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;

/**
 * Traces jobs: a span for each enqueue call, one for each attempt that encloses its handler, and
 * one for the acks; the context travels in the headers of the job.
 *
 * <pre>{@code
 * queue.use(Tracing.with(openTelemetry));
 * }</pre>
 *
 * <p>With an OpenTelemetry that does nothing it adds nothing to the queue. Whatever goes wrong in
 * OpenTelemetry is logged, and the job goes on. Immutable and thread-safe.
 */
public final class Tracing implements Plugin {
  /** The plugin's id. */
  public static final String ID = "tracing";

  /** Names these spans among those of other libraries. */
  static final String SCOPE = "dev.noria.tracing";

  private final OpenTelemetry openTelemetry;
  private final TracingOptions options;

  private Tracing(OpenTelemetry openTelemetry, TracingOptions options) {
    this.openTelemetry = requireNonNull(openTelemetry, "openTelemetry");
    this.options = requireNonNull(options, "options");
  }

  /** Traces with {@code openTelemetry}. */
  public static Tracing with(OpenTelemetry openTelemetry) {
    return with(openTelemetry, TracingOptions.defaults());
  }

  /** Traces with {@code openTelemetry}, as {@code options} say. */
  public static Tracing with(OpenTelemetry openTelemetry, TracingOptions options) {
    return new Tracing(openTelemetry, options);
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public void install(Installer installer) {
    Tracer tracer = openTelemetry.getTracer(SCOPE);
    if (!tracer.isEnabled()) {
      return;
    }
    Troubles troubles = new Troubles();
    Spans spans = new Spans(tracer);
    Headers headers = new Headers(openTelemetry.getPropagators(), options.baggage(), troubles);
    Recorded recorded = new Recorded();
    Attempts.Surroundings surroundings =
        new Attempts.Surroundings(options, installer.time(), recorded);
    installer.middleware(
        Placement.in(Phase.OBSERVE).before("metrics", "micrometer"),
        new TracingMiddleware(
            new Sends(spans, headers, options.createSpans()),
            new Attempts(spans, headers, surroundings),
            new Settles(spans, recorded),
            troubles));
    if (options.storageSpans()) {
      installer.observe(new StorageSpans(spans));
    }
  }
}
