/** The kernel of Noria and the door to it. */
@SuppressWarnings("requires-automatic")
module dev.noria.core {
  requires transitive dev.noria.spi;
  requires com.fasterxml.uuid;
  requires com.google.common;
  requires com.google.guice;
  requires jakarta.inject;
  requires java.management;
  requires static org.jspecify;
  requires org.slf4j;
  requires tools.jackson.databind;

  exports dev.noria;

  uses dev.noria.plugin.PluginProvider;
  uses dev.noria.plugin.StorageProvider;
}
