package dev.noria.storage.sqlite;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One lock file per open storage, in the folder {@code <db>-owners}: the kernel of the operating
 * system gives the lock back when the process dies, so that others see it at once. Never the
 * database file: closing any descriptor of it would drop SQLite's locks.
 */
final class Instances {
  private static final int MOST_TRIES = 100;

  private final Database database;
  private @Nullable FileChannel channel;

  private record Row(String id, long pid, long started) {}

  Instances(Database database) {
    this.database = database;
  }

  private static Path folder(Path file) {
    return file.resolveSibling(file.getFileName() + "-owners");
  }

  private Path lockFile(Path file, String id) {
    return folder(file).resolve(id + ".lock");
  }

  /** When this process started, which tells it from another one with its number. */
  private static long started() {
    return ProcessHandle.current().info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** Takes the lock, then tells everybody. */
  void open(Writer writer) {
    Optional<Path> file = database.file();
    if (file.isEmpty()) {
      return;
    }
    String id = database.place().instance();
    try {
      FileChannel opened = create(file.get(), id);
      channel = opened;
      opened.lock();
    } catch (IOException e) {
      throw new StorageException(
          Kind.UNAVAILABLE,
          "The lock file in "
              + folder(file.get())
              + " can not be made: "
              + e
              + ". Make the folder of the database writable.",
          e);
    }
    writer.call(
        tx ->
            tx.sql("instance.insert")
                .with(id)
                .with(ProcessHandle.current().pid())
                .with(started())
                .run());
  }

  /** Another storage may just be removing the folder because it was the last one there. */
  private FileChannel create(Path file, String id) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        Files.createDirectories(folder(file));
        return FileChannel.open(
            lockFile(file, id), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      } catch (NoSuchFileException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  /** The storages of this file whose processes are gone. */
  Set<String> gone(Reader reader) {
    Optional<Path> file = database.file();
    if (file.isEmpty()) {
      return Set.of();
    }
    Set<String> gone = new HashSet<>();
    for (Row row : reader.read(Instances::all)) {
      if (!isAlive(file.get(), row)) {
        gone.add(row.id());
      }
    }
    return gone;
  }

  private static List<Row> all(Session session) throws SQLException {
    return session
        .sql("instance.all")
        .all(row -> new Row(row.getString(1), row.getLong(2), row.getLong(3)));
  }

  /** Whether living storages have the file open; this one does not count before it is there. */
  boolean anybodyThere(Session session) throws SQLException {
    Path file = database.file().orElse(null);
    return file != null && all(session).stream().anyMatch(row -> isAlive(file, row));
  }

  private boolean isAlive(Path file, Row row) {
    // Of this process: it lives, and closing another descriptor of its file would drop its lock.
    if (row.pid() == ProcessHandle.current().pid() && row.started() == started()) {
      return true;
    }
    Path lockFile = lockFile(file, row.id());
    if (!Files.exists(lockFile)) {
      return false;
    }
    try (FileChannel other = FileChannel.open(lockFile, StandardOpenOption.WRITE);
        FileLock lock = other.tryLock()) {
      return lock == null;
    } catch (IOException | RuntimeException e) {
      database.log().debug("{} can not be tried", lockFile, e);
      return true;
    }
  }

  /** Removes the lock files of storages that are gone for good. */
  void forget(Set<String> gone) {
    database.file().ifPresent(file -> gone.forEach(id -> delete(lockFile(file, id))));
  }

  void close() {
    FileChannel held = channel;
    channel = null;
    if (held == null) {
      return;
    }
    Path file = database.file().orElseThrow();
    try {
      held.close();
    } catch (IOException e) {
      database.log().debug("A lock file did not close", e);
    }
    delete(lockFile(file, database.place().instance()));
    delete(folder(file));
  }

  /** A folder goes only when it is empty, which is as it should be. */
  private void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      database.log().debug("{} stays", path, e);
    }
  }

  /** Drops the row of this storage; for the last transaction. */
  void leave(Tx tx) throws SQLException {
    tx.sql("instance.delete").with(database.place().instance()).run();
  }
}
