/** Hands the numbers of a queue to OpenTelemetry. */
module dev.noria.metrics {
  requires transitive dev.noria.spi;
  requires dev.noria.metering;
  requires transitive io.opentelemetry.api;
  requires static org.jspecify;

  exports dev.noria.metrics;

  provides dev.noria.plugin.PluginProvider with
      dev.noria.metrics.MetricsProvider;
}
