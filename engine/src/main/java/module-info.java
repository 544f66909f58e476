/** The deterministic state machine behind storages that keep their state in the heap. */
@SuppressWarnings("module") // One of those who may look inside is built later than this module.
module dev.noria.engine {
  requires transitive dev.noria.spi;

  exports dev.noria.engine to
      dev.noria.storage.memory,
      dev.noria.storage.file;
}
