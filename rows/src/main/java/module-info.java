/** The compact forms of the storages that keep jobs as rows of a database. */
@SuppressWarnings("module") // Those who may look inside are built later than this module.
module dev.noria.rows {
  requires transitive dev.noria.spi;

  exports dev.noria.rows to
      dev.noria.storage.sqlite,
      dev.noria.storage.postgres;
}
