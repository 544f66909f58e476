/** Keeps jobs in a PostgreSQL schema. */
module dev.noria.storage.postgres {
  requires transitive dev.noria.spi;
  requires dev.noria.rows;
  requires transitive java.sql;
  requires com.zaxxer.hikari;
  requires org.postgresql.jdbc;
  requires org.slf4j;
  requires static org.checkerframework.checker.qual;

  exports dev.noria.storage.postgres;

  provides dev.noria.plugin.StorageProvider with
      dev.noria.storage.postgres.PostgresStorageProvider;
}
