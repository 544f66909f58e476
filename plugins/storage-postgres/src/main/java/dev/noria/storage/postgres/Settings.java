package dev.noria.storage.postgres;

import dev.noria.job.Limits;
import dev.noria.storage.Durability;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.StorageInfo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;

/**
 * What the server says of itself.
 *
 * @param version its version in words
 * @param number the same as a number
 * @param encoding of the database
 * @param fsync whether commits reach the disk at all
 * @param commit what a commit waits for
 * @param standbys whose confirmation it waits for
 * @param reads whether it only reads
 */
record Settings(
    String version,
    int number,
    String encoding,
    String fsync,
    String commit,
    String standbys,
    boolean reads) {
  private static final int OLDEST = 120_000;

  /** Reads and judges the settings of the server. */
  static StorageInfo check(Server server) {
    Settings settings =
        server.apart(
            session -> session.sql("session.settings").first(Settings::read).orElseThrow());
    settings.refuse(server.location());
    return new StorageInfo(
        "PostgreSQL " + settings.version(),
        server.location(),
        settings.durability(),
        Limits.defaults(),
        Set.of(),
        true);
  }

  private static Settings read(ResultSet row) throws SQLException {
    return new Settings(
        row.getString(1),
        row.getInt(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getBoolean(8));
  }

  private void refuse(String location) {
    if (number < OLDEST) {
      throw new StorageException(
          Kind.UNAVAILABLE,
          "The server at " + location + " is PostgreSQL " + version + ". Expected 12 or newer.");
    }
    if (!encoding.equals("UTF8")) {
      throw new StorageException(
          Kind.UNAVAILABLE,
          "The database at "
              + location
              + " has the encoding "
              + encoding
              + ". Expected UTF8: create it with ENCODING 'UTF8'.");
    }
    if (reads) {
      throw new StorageException(
          Kind.UNAVAILABLE,
          "The server at "
              + location
              + " is a standby and only reads. Connect to the primary, for example with"
              + " targetServerType=primary.");
    }
  }

  /** What an OK survives, by the settings that are really in force. */
  Durability durability() {
    if (!fsync.equals("on") || commit.equals("off")) {
      return Durability.PROCESS;
    }
    boolean replicated = !standbys.isEmpty() && !commit.equals("local");
    return replicated ? Durability.REPLICA : Durability.HOST;
  }
}
