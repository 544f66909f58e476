package dev.noria.storage.sqlite;

import dev.noria.storage.Durability;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.sqlite.SqliteOptions.Synchronous;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/** Opens connections to one database, all with the same settings, and begins transactions. */
final class Database {
  /** Older ones can corrupt a database when a checkpoint meets a writer. */
  private static final List<Integer> OLDEST = List.of(3, 51, 3);

  private final Logger log = LoggerFactory.getLogger(SqliteStorage.class);
  private final SqliteOptions options;
  private final Sql sql;
  private final Tx.Place place = new Tx.Place(UUID.randomUUID().toString());
  private final Optional<Path> file;

  Database(SqliteOptions options) {
    this.options = options;
    this.sql = new Sql(options.namespace());
    this.file =
        options.inMemory()
            ? Optional.empty()
            : Optional.of(Path.of(options.path()).toAbsolutePath());
  }

  SqliteOptions options() {
    return options;
  }

  Sql sql() {
    return sql;
  }

  Tx.Place place() {
    return place;
  }

  Logger log() {
    return log;
  }

  boolean inMemory() {
    return options.inMemory();
  }

  /** The file; empty for a database in memory. */
  Optional<Path> file() {
    return file;
  }

  String location() {
    return file.map(Path::toString).orElse(options.path());
  }

  Patience patience() {
    return new Patience(options.busyTimeout());
  }

  /** A new connection, set up and checked; others may be switching the same file to WAL. */
  Session open() throws SQLException {
    return retrying(this::connect);
  }

  private Session connect() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setGetGeneratedKeys(false);
    config.setBusyTimeout(0);
    Connection connection = config.createConnection("jdbc:sqlite:" + location());
    Session session = Session.owning(connection, sql);
    try {
      String journal = setUp(session);
      if (!inMemory() && !journal.equalsIgnoreCase("wal")) {
        throw new StorageException(
            Kind.UNAVAILABLE,
            "The file "
                + location()
                + " can not be switched to WAL, its journal mode is "
                + journal
                + ". Put it on a local disk.");
      }
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private String setUp(Session session) throws SQLException {
    for (String pragma :
        List.of("quiet", "no_mmap", "cache", "temp", "journal_limit", "no_autocheckpoint")) {
      session.once(sql.text("session." + pragma));
    }
    String journal = session.sql("session.wal").first(row -> row.getString(1)).orElse("?");
    boolean full = options.synchronous() == Synchronous.FULL;
    session.once(sql.text(full ? "session.full" : "session.normal"));
    return journal;
  }

  /** Opens the write lock, waiting for others as long as the options say. */
  void begin(Session session) throws SQLException {
    retrying(
        () -> {
          session.sql("session.begin").execute();
          return true;
        });
  }

  /** Something that another process's lock may refuse for a while. */
  interface Attempt<T> {
    T run() throws SQLException;
  }

  <T> T retrying(Attempt<T> attempt) throws SQLException {
    Patience patience = null;
    while (true) {
      try {
        return attempt.run();
      } catch (SQLException e) {
        if (!Errors.isBusy(e)) {
          throw e;
        }
        patience = patience == null ? patience() : patience;
        if (!patience.pause()) {
          throw e;
        }
      }
    }
  }

  /** What an OK survives, by the settings that are really in force. */
  Durability durability(Session session) throws SQLException {
    if (inMemory()) {
      return Durability.VOLATILE;
    }
    return session.sql("session.synchronous").number(0) >= 2 ? Durability.HOST : Durability.PROCESS;
  }

  /** The driver's SQLite, refused when it is too old. */
  String version(Session session) throws SQLException {
    String version = session.sql("session.version").first(row -> row.getString(1)).orElse("?");
    List<Integer> parts = new ArrayList<>();
    for (String part : version.split("\\.", -1)) {
      parts.add(Integer.parseInt(part));
    }
    for (int i = 0; i < OLDEST.size(); i++) {
      int difference = Integer.compare(i < parts.size() ? parts.get(i) : 0, OLDEST.get(i));
      if (difference < 0) {
        throw new StorageException(
            Kind.UNAVAILABLE,
            "The driver brings SQLite "
                + version
                + ", which can damage a database. Expected 3.51.3 or newer: update"
                + " org.xerial:sqlite-jdbc.");
      }
      if (difference > 0) {
        break;
      }
    }
    return version;
  }
}
