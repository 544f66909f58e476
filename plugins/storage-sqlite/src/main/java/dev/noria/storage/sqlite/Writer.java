package dev.noria.storage.sqlite;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one place that writes. Whoever calls takes the lock and runs everything that waits in one
 * transaction, so a lone caller pays no hand-over and many callers share a commit. Callers wait
 * without regard to interrupts: native I/O is not hurt by them.
 */
final class Writer {
  private static final int MOST = 64;

  private final Database database;
  private final Board board;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Op<?>> waiting = new ConcurrentLinkedQueue<>();
  private @Nullable Session session;
  private boolean closed;

  /** Something to do in a transaction; run again from the start when the transaction fails. */
  interface Work<T> {
    T run(Tx tx) throws SQLException;
  }

  private static final class Op<T> {
    final Work<T> work;
    final Thread caller = Thread.currentThread();
    @Nullable T result;
    @Nullable RuntimeException failure;
    volatile boolean done;

    Op(Work<T> work) {
      this.work = work;
    }

    void run(Tx tx) throws SQLException {
      result = work.run(tx);
    }
  }

  Writer(Database database, Board board) {
    this.database = database;
    this.board = board;
  }

  /** Runs {@code work} and returns when it is committed. */
  <T extends @Nullable Object> T call(Work<T> work) {
    Op<T> op = new Op<>(work);
    waiting.add(op);
    boolean interrupted = false;
    while (!op.done) {
      if (lock.tryLock()) {
        lead(op);
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (op.failure != null) {
      throw op.failure;
    }
    return result(op);
  }

  @SuppressWarnings("NullAway") // null only where T is nullable
  private static <T extends @Nullable Object> T result(Op<T> op) {
    return op.result;
  }

  private void lead(Op<?> own) {
    List<Op<?>> batch = new ArrayList<>(4);
    try {
      if (own.done) {
        return;
      }
      for (Op<?> op = waiting.poll(); op != null; op = waiting.poll()) {
        batch.add(op);
        if (batch.size() == MOST) {
          break;
        }
      }
      runAll(batch);
    } finally {
      lock.unlock();
      for (Op<?> op : batch) {
        op.done = true;
        if (op != own) {
          LockSupport.unpark(op.caller);
        }
      }
      Op<?> next = waiting.peek();
      if (next != null) {
        LockSupport.unpark(next.caller);
      }
    }
  }

  /**
   * All in one transaction; if that fails, each in one of its own, so that one bad call is alone.
   */
  private void runAll(List<Op<?>> batch) {
    Queue<List<Op<?>>> rounds = new ArrayDeque<>();
    rounds.add(batch);
    while (!rounds.isEmpty()) {
      List<Op<?>> round = rounds.remove();
      try {
        transact(round);
      } catch (RuntimeException e) {
        fail(round, e, rounds);
      } catch (Error e) {
        fail(round, new StorageException(Kind.INTERNAL, "A call failed: " + e, e), rounds);
      }
    }
  }

  private static void fail(List<Op<?>> round, RuntimeException e, Queue<List<Op<?>>> rounds) {
    boolean alone = round.size() == 1;
    boolean common =
        e instanceof StorageException s && (s.outcomeUnknown() || s.kind() == Kind.UNAVAILABLE);
    for (Op<?> op : round) {
      if (alone || common) {
        op.failure = e;
      } else {
        rounds.add(List.of(op));
      }
    }
  }

  private void transact(List<Op<?>> ops) {
    if (closed) {
      throw new StorageException(
          Kind.UNAVAILABLE, "The SQLite storage at " + database.location() + " is closed.");
    }
    News news = new News();
    boolean committing = false;
    try {
      Session current = session();
      database.begin(current);
      current.mirror().refresh();
      Tx tx = new Tx(current, database.place(), news);
      for (Op<?> op : ops) {
        op.run(tx);
      }
      current.mirror().flush();
      committing = true;
      current.sql("session.commit").execute();
    } catch (SQLException e) {
      abandon(Errors.isGrave(e) || committing);
      throw Errors.of(e, database.location(), committing && !Errors.isBusy(e));
    } catch (RuntimeException | Error e) {
      abandon(false);
      throw e;
    }
    board.committed(news);
  }

  private Session session() throws SQLException {
    Session current = session;
    if (current == null) {
      current = database.open();
      session = current;
    }
    return current;
  }

  private void abandon(boolean reopen) {
    Session current = session;
    if (current == null) {
      return;
    }
    try {
      current.rollback();
    } catch (SQLException e) {
      reopen = true;
    }
    if (reopen && !database.inMemory()) {
      session = null;
      try {
        current.close();
      } catch (SQLException e) {
        database.log().warn("A broken connection to {} did not close", database.location(), e);
      }
    }
  }

  /** Runs {@code action} while nothing is written by this storage. */
  void alone(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
      Op<?> next = waiting.peek();
      if (next != null) {
        LockSupport.unpark(next.caller);
      }
    }
  }

  /** Opens the connection for the first use of it. */
  <T> T open(Opening<T> first) {
    try {
      return first.run(session());
    } catch (SQLException e) {
      abandon(true);
      throw Errors.of(e, database.location(), false);
    } catch (RuntimeException e) {
      abandon(true);
      throw e;
    }
  }

  /** What to do with a fresh connection. */
  interface Opening<T> {
    T run(Session session) throws SQLException;
  }

  /** Something to do at the end. */
  interface Leaving {
    void run(Tx tx) throws SQLException;
  }

  /** Lets no call in any more; after {@code last} the file is complete without its log. */
  void close(Leaving last) {
    alone(
        () -> {
          if (closed) {
            return;
          }
          closed = true;
          try (Session current = session()) {
            database.begin(current);
            last.run(new Tx(current, database.place(), new News()));
            current.sql("session.commit").execute();
            current.sql("session.checkpoint_truncate").first(row -> row.getLong(1));
          } catch (SQLException e) {
            database.log().warn("Closing {} was not complete", database.location(), e);
          }
          session = null;
        });
  }
}
