package dev.noria.retries;

import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Settings;
import dev.noria.plugin.Spi;
import java.util.Optional;

/**
 * Offers {@link Retries} on the class path: five attempts with growing delays, or as {@code
 * noria.plugins.retries.…} says. Thread-safe.
 */
public final class RetriesProvider implements PluginProvider {

  /** For the service loader. */
  public RetriesProvider() {}

  @Override
  public String id() {
    return Retries.ID;
  }

  @Override
  public int spiVersion() {
    return Spi.VERSION;
  }

  @Override
  public Optional<Plugin> create(Settings settings) {
    return Optional.of(Retries.configured(new RetrySettings(settings).policy()));
  }
}
