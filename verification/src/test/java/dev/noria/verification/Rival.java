package dev.noria.verification;

import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Settings;
import dev.noria.plugin.Spi;
import java.util.Optional;

/** Another provider of {@code retries}. */
public final class Rival implements PluginProvider {
  /** For the service loader. */
  public Rival() {}

  @Override
  public String id() {
    return "retries";
  }

  @Override
  public int spiVersion() {
    return Spi.VERSION;
  }

  @Override
  public Optional<Plugin> create(Settings settings) {
    return Optional.of(Plugin.of("retries", installer -> {}));
  }
}
