/** Measures a queue, once, for the plugins that hand the numbers to a metrics library. */
module dev.noria.metering {
  requires transitive dev.noria.spi;
  requires static org.jspecify;
  requires org.slf4j;

  exports dev.noria.metering;
}
