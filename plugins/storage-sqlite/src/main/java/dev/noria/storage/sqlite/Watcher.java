package dev.noria.storage.sqlite;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.rows.Codes;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what other processes committed: every millisecond while the database changes, else when
 * the file system reports a write of the {@code -wal} file, and every eventPoll as the net. The
 * file itself is never opened here.
 */
final class Watcher {
  static final int FINISHED = 0;
  static final int CANCEL = 1;
  static final int WATCHED = 2;
  private static final long HOT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Database database;
  private final Board board;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread thread;
  private volatile boolean closed;
  private long dataVersion = -1;
  private long lastSignal = -1;

  private record Signal(long seq, String instance, int kind, JobId id, JobState state) {}

  Watcher(Database database, Board board) {
    this.database = database;
    this.board = board;
  }

  /** Starts with the first listener: nobody else would hear anything. */
  void start() {
    if (database.inMemory()) {
      return;
    }
    lock.lock();
    try {
      if (thread == null && !closed) {
        lastSignal = last();
        Thread started = new Thread(this::run, "noria-sqlite-watcher");
        started.setDaemon(true);
        started.start();
        thread = started;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Where to go on from: what came before the first listener is nobody's business. */
  private long last() {
    try (Session session = database.open()) {
      return database.retrying(() -> session.sql("signal.last").number(0));
    } catch (SQLException e) {
      throw Errors.of(e, database.location(), false);
    }
  }

  private void run() {
    while (!closed) {
      try (Session session = database.open();
          WatchService files = folder().getFileSystem().newWatchService()) {
        watch(session, files);
      } catch (SQLException | IOException | RuntimeException e) {
        if (!closed) {
          database.log().warn("Watching {} failed; starting anew", database.location(), e);
          LockSupport.parkNanos(database.options().eventPoll().toNanos());
        }
      } catch (InterruptedException e) {
        // Only close interrupts this thread.
        return;
      }
    }
  }

  private Path folder() {
    Path parent = database.file().orElseThrow().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  private void watch(Session session, WatchService files)
      throws SQLException, IOException, InterruptedException {
    long stirred = System.nanoTime();
    WatchKey key = null;
    while (!closed) {
      if (look(session)) {
        stirred = System.nanoTime();
      }
      if (System.nanoTime() - stirred < HOT_NANOS) {
        if (key != null) {
          // A busy log would report each of its writes.
          key.cancel();
          key = null;
        }
        LockSupport.parkNanos(STEP_NANOS);
      } else if (key == null) {
        key = folder().register(files, StandardWatchEventKinds.ENTRY_MODIFY);
      } else if (files.poll(database.options().eventPoll().toNanos(), TimeUnit.NANOSECONDS)
          != null) {
        // The log is written before it is synced, and seen only after that: look out for it.
        stirred = System.nanoTime();
      }
    }
  }

  /** Looks for changes; says whether there were any. */
  private boolean look(Session session) throws SQLException {
    long version = session.sql("session.data_version").number(-1);
    if (version == dataVersion) {
      return false;
    }
    hear(session);
    for (String queue : board.awaitedQueues()) {
      session.sql("queue.by_name").with(queue).first(QueueRow::read).ifPresent(this::offer);
      long due = session.sql("watch.next_due").with(queue).number(-1);
      if (due >= 0) {
        board.happened(new News.Work(queue, due));
      }
    }
    // Not before everything was looked at, or an error in between would lose the change.
    dataVersion = version;
    return true;
  }

  private void offer(QueueRow queue) {
    if (!queue.paused && queue.count(JobState.READY) > 0) {
      board.happened(new News.Work(queue.name, Long.MIN_VALUE));
    }
  }

  private void hear(Session session) throws SQLException {
    List<Signal> signals =
        session
            .sql("signal.read")
            .with(lastSignal)
            .all(
                row ->
                    new Signal(
                        row.getLong(1),
                        row.getString(2),
                        row.getInt(3),
                        JobId.fromBytes(row.getBytes(4)),
                        Codes.state(row.getInt(5))));
    for (Signal signal : signals) {
      lastSignal = signal.seq();
      if (!signal.instance().equals(database.place().instance())) {
        board.happened(step(signal));
      }
    }
  }

  private static News.Step step(Signal signal) {
    return signal.kind() == CANCEL
        ? new News.Cancel(signal.id())
        : new News.Finished(signal.id(), signal.state(), signal.kind() == FINISHED);
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      if (thread != null) {
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
