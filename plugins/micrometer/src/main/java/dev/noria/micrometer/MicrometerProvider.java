package dev.noria.micrometer;

import dev.noria.metering.Metering;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Settings;
import dev.noria.plugin.Spi;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds {@link Micrometer} on the class path: it measures with Micrometer's global registry if one
 * was added to that before the queue opened. Thread-safe.
 */
public final class MicrometerProvider implements PluginProvider {

  /** For the service loader. */
  public MicrometerProvider() {}

  @Override
  public String id() {
    return "micrometer";
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
      // Micrometer is not on the class path: there is nothing to measure with.
      return Optional.empty();
    }
  }

  /** Apart, so that the provider loads without Micrometer. */
  private static final class Global {
    private Global() {}

    static Optional<Plugin> metrics(Duration interval) {
      return Micrometer.isNothing(Metrics.globalRegistry)
          ? Optional.empty()
          : Optional.of(Micrometer.with(Metrics.globalRegistry).withInterval(interval));
    }
  }
}
