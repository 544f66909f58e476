/** Traces jobs with OpenTelemetry, from the enqueue to the ack. */
module dev.noria.tracing {
  requires transitive dev.noria.spi;
  requires transitive io.opentelemetry.api;
  requires io.opentelemetry.context;
  requires static org.jspecify;
  requires org.slf4j;

  exports dev.noria.tracing;

  provides dev.noria.plugin.PluginProvider with
      dev.noria.tracing.TracingProvider;
}
