package dev.noria.storage.postgres;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.postgres.PostgresOptions.Migrate;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

/** Brings the schema of a namespace to the version of this code, one process at a time. */
final class Migrations {
  private static final List<String> FILES = List.of("001_first");
  private static final String VERSION = "schema";

  /** By which a connection is recognised as one to the same database. */
  static final String IDENTITY = "identity";

  private Migrations() {}

  /** Everything that AUTO would run on an empty database. */
  static String script(Sql sql) {
    StringBuilder text = new StringBuilder();
    text.append(sql.text("session.create_schema")).append(";\n");
    for (String file : FILES) {
      text.append(sql.migration(file));
    }
    return text.append(sql.text("script.version").replace("?", Integer.toString(FILES.size())))
        .append(";\n")
        .toString();
  }

  static void run(Server server) {
    Migrate mode = server.options().migrate();
    if (mode != Migrate.NONE) {
      server.apart(session -> migrate(server, session, mode));
    }
  }

  private static int migrate(Server server, Session session, Migrate mode) throws SQLException {
    // Whoever comes second waits for as long as the first one needs.
    session.sql("session.limits").with("0").with("0").execute();
    session.sql("session.migrating").execute();
    long found = version(session);
    if (found > FILES.size()) {
      throw newer(server, found);
    }
    if (mode == Migrate.VALIDATE && found < FILES.size()) {
      throw missing(server, found);
    }
    if (found == FILES.size()) {
      return 0;
    }
    try (Statement statement = session.connection().createStatement()) {
      if (session.sql("session.has_schema").number(0) == 0) {
        // A user without the right to make schemas may still own one.
        statement.execute(session.texts().text("session.create_schema"));
      }
      for (String file : FILES.subList((int) found, FILES.size())) {
        statement.execute(session.texts().migration(file));
      }
    }
    session.sql("meta.put").with(VERSION).with(FILES.size()).run();
    if (session.sql("meta.value").with(IDENTITY).number(0) == 0) {
      long identity = UUID.randomUUID().getMostSignificantBits();
      session.sql("meta.put").with(IDENTITY).with(identity).run();
    }
    return FILES.size();
  }

  private static long version(Session session) throws SQLException {
    boolean there = session.sql("session.has_meta").isTrue();
    return there ? session.sql("meta.value").with(VERSION).number(0) : 0;
  }

  private static StorageException newer(Server server, long found) {
    return new StorageException(
        Kind.CORRUPT,
        "The schema '"
            + server.options().namespace()
            + "' at "
            + server.location()
            + " has version "
            + found
            + ". Expected at most "
            + FILES.size()
            + ": a newer Noria wrote it. Update noria-storage-postgres here, or use another"
            + " namespace.");
  }

  private static StorageException missing(Server server, long found) {
    return new StorageException(
        Kind.CORRUPT,
        "The schema '"
            + server.options().namespace()
            + "' at "
            + server.location()
            + " has version "
            + found
            + ". Expected "
            + FILES.size()
            + ". Open it once with migrate=AUTO, or run what `noria schema postgres --print`"
            + " prints.");
  }
}
