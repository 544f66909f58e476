/** The vocabulary of Noria and the contracts for storages, middleware and plugins. */
module dev.noria.spi {
  requires transitive java.sql;
  requires static transitive org.jspecify;

  exports dev.noria.job;
  exports dev.noria.middleware;
  exports dev.noria.plugin;
  exports dev.noria.storage;
}
