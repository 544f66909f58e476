package dev.noria.metrics;

import dev.noria.metering.Metering;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Settings;
import dev.noria.plugin.Spi;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds {@link Metrics} on the class path: it measures with {@code GlobalOpenTelemetry} if that was
 * set before the queue opened. Thread-safe.
 */
public final class MetricsProvider implements PluginProvider {

  /** For the service loader. */
  public MetricsProvider() {}

  @Override
  public String id() {
    return "metrics";
  }

  @Override
  public int spiVersion() {
    return Spi.VERSION;
  }

  @Override
  public Optional<Plugin> create(Settings settings) {
    Duration interval = settings.duration("interval").orElse(Metering.INTERVAL);
    try {
      return Global.metrics(interval);
    } catch (LinkageError e) {
      // OpenTelemetry is not on the class path: there is nothing to measure with.
      return Optional.empty();
    }
  }

  /** Apart, so that the provider loads without OpenTelemetry. */
  private static final class Global {
    private Global() {}

    /** Never sets the global one, as {@code get()} would: the application may still do it. */
    static Optional<Plugin> metrics(Duration interval) {
      return GlobalOpenTelemetry.isSet()
          ? Optional.of(Metrics.with(GlobalOpenTelemetry.getOrNoop()).withInterval(interval))
          : Optional.empty();
    }
  }
}
