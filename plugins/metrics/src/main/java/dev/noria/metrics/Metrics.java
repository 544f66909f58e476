package dev.noria.metrics;

import static java.util.Objects.requireNonNull;

import dev.noria.metering.Metering;
import dev.noria.plugin.Installer;
import dev.noria.plugin.Plugin;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Hands the numbers of a queue to OpenTelemetry: wait and run times, attempts and outcomes by queue
 * and type, the lengths of the queues, the storage's calls, and the state of the kernel.
 *
 * <pre>{@code
 * queue.use(Metrics.with(openTelemetry));
 * }</pre>
 *
 * <p>With an OpenTelemetry that does nothing it adds nothing to the queue. Immutable and
 * thread-safe.
 */
public final class Metrics implements Plugin {
  /** The plugin's id. */
  public static final String ID = "metrics";

  static final String SCOPE = "dev.noria.metrics";

  private final OpenTelemetry openTelemetry;
  private final Map<String, String> tags;
  private final Duration interval;

  private Metrics(OpenTelemetry openTelemetry, Map<String, String> tags, Duration interval) {
    this.openTelemetry = requireNonNull(openTelemetry, "openTelemetry");
    this.tags = Map.copyOf(tags);
    this.interval = requireNonNull(interval, "interval");
  }

  /** Measures with {@code openTelemetry}. */
  public static Metrics with(OpenTelemetry openTelemetry) {
    return new Metrics(openTelemetry, Map.of(), Metering.INTERVAL);
  }

  /** The same with an attribute on every number: to tell several queues of a process apart. */
  public Metrics withTag(String name, String value) {
    Map<String, String> more = new HashMap<>(tags);
    more.put(name, value);
    return new Metrics(openTelemetry, more, interval);
  }

  /** The same with gauges that are read so often; default 15 s, at least 100 ms. */
  public Metrics withInterval(Duration other) {
    return new Metrics(openTelemetry, tags, other);
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public void install(Installer installer) {
    OpenTelemetryMeter meter = new OpenTelemetryMeter(openTelemetry.getMeter(SCOPE));
    if (meter.isEnabled()) {
      Metering.install(installer, meter, tags, interval);
    }
  }
}
