package dev.noria.storage.sqlite;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.sqlite.SqliteOptions.Migrate;
import java.sql.SQLException;
import java.util.List;

/** Brings the schema of a namespace to the version of this code, under the write lock. */
final class Migrations {
  private static final List<String> FILES = List.of("001_first");
  private static final String VERSION = "schema";

  private Migrations() {}

  static void run(Database database, Session session) throws SQLException {
    Migrate mode = database.options().migrate();
    if (mode == Migrate.NONE) {
      return;
    }
    database.begin(session);
    try {
      long found = version(session);
      if (found > FILES.size()) {
        throw newer(database, found);
      }
      if (mode == Migrate.VALIDATE && found < FILES.size()) {
        throw missing(database, found);
      }
      for (String file : FILES.subList((int) found, FILES.size())) {
        for (String statement : database.sql().migration(file)) {
          session.once(statement);
        }
      }
      if (found < FILES.size()) {
        session.mirror().meta(VERSION, FILES.size());
      }
      session.sql("session.commit").execute();
    } catch (SQLException | RuntimeException e) {
      session.rollback();
      throw e;
    }
  }

  private static long version(Session session) throws SQLException {
    boolean there = session.sql("session.has_schema").number(0) > 0;
    return there ? session.sql("meta.value").with(VERSION).number(0) : 0;
  }

  private static StorageException newer(Database database, long found) {
    return new StorageException(
        Kind.CORRUPT,
        "The schema of namespace '"
            + database.options().namespace()
            + "' in "
            + database.location()
            + " has version "
            + found
            + ". Expected at most "
            + FILES.size()
            + ": a newer Noria wrote it. Update noria-storage-sqlite here, or use another"
            + " namespace.");
  }

  private static StorageException missing(Database database, long found) {
    return new StorageException(
        Kind.CORRUPT,
        "The schema of namespace '"
            + database.options().namespace()
            + "' in "
            + database.location()
            + " has version "
            + found
            + ". Expected "
            + FILES.size()
            + ". Open it once with migrate=AUTO.");
  }
}
