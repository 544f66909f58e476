/** A storage on the heap: the reference implementation of the storage contract. */
module dev.noria.storage.memory {
  requires transitive dev.noria.spi;
  requires dev.noria.engine;

  exports dev.noria.storage.memory;

  provides dev.noria.plugin.StorageProvider with
      dev.noria.storage.memory.MemoryStorageProvider;
}
