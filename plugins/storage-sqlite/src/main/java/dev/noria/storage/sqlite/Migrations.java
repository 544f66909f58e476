package dev.noria.storage.sqlite;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.sqlite.SqliteOptions.Migrate;
import java.sql.SQLException;
import java.util.List;

/**
 * Brings the schema of a namespace to the version of this code, under the write lock. A migration
 * says which versions can work with its result: one that only adds (columns with defaults, tables,
 * indexes) leaves those before it running. Immutable.
 *
 * @param steps in order; the first makes version 1
 */
record Migrations(List<Step> steps) {
  private static final String VERSION = "schema";
  private static final String READABLE_BY = "schema_readable_by";

  /** Those of this release. */
  static final Migrations KNOWN = new Migrations(List.of(new Step("001_first", 1)));

  /**
   * One migration.
   *
   * @param file its statements
   * @param readableBy the oldest version whose code can work with the schema that it makes
   */
  record Step(String file, int readableBy) {}

  Migrations {
    int oldest = 1;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.readableBy() < oldest || step.readableBy() > i + 1) {
        throw new IllegalArgumentException(
            "The migration %s says that it is readable by version %d. Expected %d to %d: what an"
                    .formatted(step.file(), step.readableBy(), oldest, i + 1)
                + " earlier one broke stays broken. Name the oldest version that can read both.");
      }
      oldest = step.readableBy();
    }
  }

  void run(Database database, Session session, Instances instances) throws SQLException {
    Migrate mode = database.options().migrate();
    if (mode == Migrate.NONE) {
      return;
    }
    database.begin(session);
    try {
      long found = meta(session, VERSION);
      if (found > steps.size()) {
        checkReadable(database, session, found);
      } else if (mode == Migrate.VALIDATE && found < steps.size()) {
        throw missing(database, found);
      } else {
        checkAlone(database, session, instances, found);
        upgrade(database, session, (int) found);
      }
      session.sql("session.commit").execute();
    } catch (SQLException | RuntimeException e) {
      session.rollback();
      throw e;
    }
  }

  /** Those that have the file open would fail with whatever a breaking migration leaves them. */
  private void checkAlone(Database database, Session session, Instances instances, long found)
      throws SQLException {
    boolean breaking = found > 0 && steps.get(steps.size() - 1).readableBy() > found;
    if (breaking && instances.anybodyThere(session)) {
      throw new StorageException(
          Kind.UNAVAILABLE,
          schemaOf(database, found)
              + ", and storages that are open now can not go on with version "
              + steps.size()
              + ". Expected to be alone. Close them, then open it again.");
    }
  }

  private void upgrade(Database database, Session session, int found) throws SQLException {
    for (Step step : steps.subList(found, steps.size())) {
      for (String statement : database.sql().migration(step.file())) {
        session.once(statement);
      }
      session.mirror().meta(READABLE_BY, step.readableBy());
    }
    if (found < steps.size()) {
      session.mirror().meta(VERSION, steps.size());
    }
  }

  /** A newer release may have said that this one can go on with what it made (S0.10). */
  private void checkReadable(Database database, Session session, long found) throws SQLException {
    long readableBy = meta(session, READABLE_BY);
    if (readableBy == 0 || readableBy > steps.size()) {
      throw newer(database, found);
    }
  }

  private static long meta(Session session, String name) throws SQLException {
    boolean there = session.sql("session.has_schema").number(0) > 0;
    return there ? session.sql("meta.value").with(name).number(0) : 0;
  }

  private StorageException newer(Database database, long found) {
    return new StorageException(
        Kind.CORRUPT,
        schemaOf(database, found)
            + ". Expected at most "
            + steps.size()
            + ", or one that says this version can read it: a newer Noria wrote it. Update"
            + " noria-storage-sqlite here, or use another namespace.");
  }

  private StorageException missing(Database database, long found) {
    return new StorageException(
        Kind.CORRUPT,
        schemaOf(database, found)
            + ". Expected "
            + steps.size()
            + ". Open it once with migrate=AUTO.");
  }

  private static String schemaOf(Database database, long found) {
    return "The schema of namespace '"
        + database.options().namespace()
        + "' in "
        + database.location()
        + " has version "
        + found;
  }
}
