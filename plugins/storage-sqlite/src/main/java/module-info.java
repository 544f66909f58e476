/** Keeps jobs in one SQLite file. */
module dev.noria.storage.sqlite {
  requires transitive dev.noria.spi;
  requires dev.noria.rows;
  requires org.slf4j;
  requires org.xerial.sqlitejdbc;

  exports dev.noria.storage.sqlite;

  provides dev.noria.plugin.StorageProvider with
      dev.noria.storage.sqlite.SqliteStorageProvider;
}
