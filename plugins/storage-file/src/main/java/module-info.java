/** Keeps jobs in a folder of files. */
module dev.noria.storage.file {
  requires transitive dev.noria.spi;
  requires dev.noria.engine;
  requires org.slf4j;

  exports dev.noria.storage.file;

  provides dev.noria.plugin.StorageProvider with
      dev.noria.storage.file.FileStorageProvider;
}
