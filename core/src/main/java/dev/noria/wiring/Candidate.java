package dev.noria.wiring;

import dev.noria.plugin.Plugin;

/**
 * A plugin about to be installed.
 *
 * @param plugin what to install
 * @param info how it is called in descriptions
 */
record Candidate(Plugin plugin, PluginInfo info) {
  static Candidate inCode(Plugin plugin) {
    // Plugin.of makes all its plugins from classes of the SPI: their version would mislead.
    boolean own = plugin.getClass().getPackageName().equals(Plugin.class.getPackageName());
    String version = own ? "unknown" : Origin.version(plugin.getClass());
    return new Candidate(plugin, new PluginInfo(plugin.id(), version, "code", false));
  }
}
