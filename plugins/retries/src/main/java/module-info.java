/** Runs a failed job again, later. */
module dev.noria.retries {
  requires transitive dev.noria.spi;
  requires static org.jspecify;

  exports dev.noria.retries;

  provides dev.noria.plugin.PluginProvider with
      dev.noria.retries.RetriesProvider;
}
