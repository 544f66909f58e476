package dev.noria.tracing;

import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Settings;
import dev.noria.plugin.Spi;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.util.Optional;

/**
 * Finds {@link Tracing} on the class path: it traces with {@code GlobalOpenTelemetry} if that was
 * set before the queue opened. Thread-safe.
 */
public final class TracingProvider implements PluginProvider {

  /** For the service loader. */
  public TracingProvider() {}

  @Override
  public String id() {
    return "tracing";
  }

  @Override
  public int spiVersion() {
    return Spi.VERSION;
  }

  @Override
  public Optional<Plugin> create(Settings settings) {
    TracingOptions options = new TracingSettings(settings).options();
    try {
      return Global.tracing(options);
    } catch (LinkageError e) {
      // OpenTelemetry is not on the class path: there is nothing to trace with.
      return Optional.empty();
    }
  }

  /** Apart, so that the provider loads without OpenTelemetry. */
  private static final class Global {
    private Global() {}

    /** Never sets the global one, as {@code get()} would: the application may still do it. */
    static Optional<Plugin> tracing(TracingOptions options) {
      return GlobalOpenTelemetry.isSet()
          ? Optional.of(Tracing.with(GlobalOpenTelemetry.getOrNoop(), options))
          : Optional.empty();
    }
  }
}
