package dev.noria.plugin;

import java.util.Optional;

/**
 * Lets a plugin be found on the class path: list the implementation in {@code
 * META-INF/services/dev.noria.plugin.PluginProvider}. Must have a public constructor without
 * arguments.
 */
public interface PluginProvider {

  /** The id of the plugin it makes. */
  String id();

  /** The SPI it was compiled for: {@code return Spi.VERSION;}. */
  int spiVersion();

  /**
   * Makes the plugin if it is safe without configuration, or if its settings are present.
   *
   * @param settings {@code noria.plugins.<id>.…}
   * @return empty when it should stay off
   */
  Optional<Plugin> create(Settings settings);
}
