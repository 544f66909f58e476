package dev.noria.storage.sqlite;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How a SQLite storage is opened. Immutable.
 *
 * @param path the database file, created when absent; {@code :memory:} keeps jobs in the heap
 * @param synchronous whether a commit waits for the disk; default FULL
 * @param busyTimeout how long to wait for another process's transaction; default 5 s, up to 10 min
 * @param namespace the closed world inside the file: {@code [a-z0-9_]{1,40}}; default {@code noria}
 * @param migrate what to do about the schema; default AUTO
 * @param eventPoll how often an idle process looks for changes of others when the file system does
 *     not report them; default 50 ms, 1 ms to 1 min
 */
public record SqliteOptions(
    String path,
    Synchronous synchronous,
    Duration busyTimeout,
    String namespace,
    Migrate migrate,
    Duration eventPoll) {
  private static final String MEMORY = ":memory:";
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9_]{1,40}");
  private static final SqliteOptions DEFAULTS =
      new SqliteOptions(
          MEMORY,
          Synchronous.FULL,
          Duration.ofSeconds(5),
          "noria",
          Migrate.AUTO,
          Duration.ofMillis(50));

  /** Whether a commit waits for the disk. */
  public enum Synchronous {
    /** Each commit is on the disk before the call returns: survives loss of power. */
    FULL,
    /** Only checkpoints wait: survives every death of processes, not loss of power. */
    NORMAL
  }

  /** What to do about the schema. */
  public enum Migrate {
    /** Create and upgrade it as needed. */
    AUTO,
    /** Refuse to open unless it is the newest. */
    VALIDATE,
    /** Look at nothing. */
    NONE
  }

  /** Checks ranges and forms. */
  public SqliteOptions {
    requireNonNull(synchronous, "synchronous");
    requireNonNull(migrate, "migrate");
    if (path.isEmpty() || path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "The path of the SQLite file is empty or contains U+0000. Give a file, such as"
              + " sqlite:jobs.db, or sqlite::memory:.");
    }
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException(
          "The namespace '" + namespace + "' is not legal. Expected [a-z0-9_]{1,40}.");
    }
    checkRange("busyTimeout", busyTimeout, Duration.ZERO, Duration.ofMinutes(10));
    checkRange("eventPoll", eventPoll, Duration.ofMillis(1), Duration.ofMinutes(1));
  }

  private static void checkRange(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + " " + value + " is out of range. Expected " + least + " to " + most + ".");
    }
  }

  /** Jobs in memory, everything else at its default. */
  public static SqliteOptions defaults() {
    return DEFAULTS;
  }

  /** The same with another file. */
  public SqliteOptions withPath(String value) {
    return new SqliteOptions(value, synchronous, busyTimeout, namespace, migrate, eventPoll);
  }

  /** The same with another way to commit. */
  public SqliteOptions withSynchronous(Synchronous value) {
    return new SqliteOptions(path, value, busyTimeout, namespace, migrate, eventPoll);
  }

  /** The same with another patience. */
  public SqliteOptions withBusyTimeout(Duration value) {
    return new SqliteOptions(path, synchronous, value, namespace, migrate, eventPoll);
  }

  /** The same in another namespace. */
  public SqliteOptions withNamespace(String value) {
    return new SqliteOptions(path, synchronous, busyTimeout, value, migrate, eventPoll);
  }

  /** The same with another way to treat the schema. */
  public SqliteOptions withMigrate(Migrate value) {
    return new SqliteOptions(path, synchronous, busyTimeout, namespace, value, eventPoll);
  }

  /** The same with another interval between looks. */
  public SqliteOptions withEventPoll(Duration value) {
    return new SqliteOptions(path, synchronous, busyTimeout, namespace, migrate, value);
  }

  boolean inMemory() {
    return path.equals(MEMORY);
  }
}
