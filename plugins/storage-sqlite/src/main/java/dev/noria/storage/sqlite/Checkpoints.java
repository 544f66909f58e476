package dev.noria.storage.sqlite;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Moves the log into the database beside the writers. When nearly all of it has been moved, one
 * short second pass while nobody writes, in this process or another, lets the next transaction
 * start the log anew. So it never grows without bound, and commits overwrite it: a sync of a file
 * that grows costs half as much again, because its size has to be written too.
 */
final class Checkpoints {
  private static final long EVERY_MILLIS = 50;
  private static final long FRAMES = 1_000;

  /**
   * More than a few small commits have come meanwhile: those that are larger than this gain nothing
   * from a log that does not grow, and would wait for the second pass and its sync of the database.
   */
  private static final long LITTLE = 40;

  /** From here on they wait for however much is left. */
  private static final long LONG = 8_000;

  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Database database;
  private final Writer writer;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          action -> {
            Thread made = new Thread(action, "noria-sqlite-checkpoint");
            made.setDaemon(true);
            return made;
          });
  private @Nullable Session session;
  private @Nullable Session gate;

  /** What SQLite says of the log: -1 both while another connection moves it. */
  record Log(long frames, long moved) {
    long left() {
      return frames - moved;
    }

    /** After a first pass: whether to start it anew. */
    boolean isWorthASecondPass() {
      return frames >= 0 && (left() <= LITTLE || frames >= LONG);
    }
  }

  Checkpoints(Database database, Writer writer) {
    this.database = database;
    this.writer = writer;
  }

  void start() {
    if (!database.inMemory()) {
      var unused =
          thread.scheduleWithFixedDelay(
              this::run, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void run() {
    try {
      Session current = session;
      if (current == null) {
        current = database.open();
        session = current;
      }
      move(current);
    } catch (SQLException | RuntimeException e) {
      database.log().warn("The log of {} could not be moved", database.location(), e);
      drop();
    }
  }

  private void move(Session current) throws SQLException {
    Log log = log(current, "session.wal_frames");
    if (log.left() < FRAMES) {
      return;
    }
    if (log(current, "session.checkpoint").isWorthASecondPass()) {
      writer.alone(() -> finish(current));
    }
  }

  private void finish(Session current) {
    try {
      Session holder = gate == null ? database.open() : gate;
      gate = holder;
      if (hold(holder)) {
        try {
          log(current, "session.checkpoint");
        } finally {
          holder.rollback();
        }
      }
    } catch (SQLException e) {
      database.log().debug("The log of {} could not be started anew", database.location(), e);
    }
  }

  /** Takes the write lock without writing; the next round tries again. */
  private static boolean hold(Session holder) throws SQLException {
    Patience patience = new Patience(PATIENCE);
    while (true) {
      try {
        holder.sql("session.begin").execute();
        return true;
      } catch (SQLException e) {
        if (!Errors.isBusy(e)) {
          throw e;
        }
        if (!patience.pause()) {
          return false;
        }
      }
    }
  }

  private static Log log(Session session, String statement) throws SQLException {
    return session
        .sql(statement)
        .first(row -> new Log(row.getLong(2), row.getLong(3)))
        .orElse(new Log(0, 0));
  }

  private void drop() {
    close(session);
    session = null;
    close(gate);
    gate = null;
  }

  private void close(@Nullable Session ended) {
    if (ended != null) {
      try {
        ended.close();
      } catch (SQLException e) {
        database.log().debug("A connection did not close", e);
      }
    }
  }

  /** Ends the thread and its connection. */
  void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
        database.log().warn("A checkpoint of {} did not end", database.location());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    drop();
  }
}
