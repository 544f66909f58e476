/** Hands the numbers of a queue to Micrometer. */
module dev.noria.micrometer {
  requires transitive dev.noria.spi;
  requires dev.noria.metering;
  requires transitive micrometer.core;
  requires static org.jspecify;

  exports dev.noria.micrometer;

  provides dev.noria.plugin.PluginProvider with
      dev.noria.micrometer.MicrometerProvider;
}
