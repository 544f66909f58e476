package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.rows.Codes;
import dev.noria.storage.Signals;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Registrations of listeners and waiters. */
final class Hearing implements Signals {
  private final Units units;
  private final Board board;
  private final Watcher watcher;

  Hearing(Units units, Board board, Watcher watcher) {
    this.units = units;
    this.board = board;
    this.watcher = watcher;
  }

  @Override
  public Registration listen(Listener listener) {
    board.add(listener);
    watcher.start();
    return new Registration() {
      @Override
      public boolean hears() {
        return watcher.hears();
      }

      @Override
      public void close() {
        board.remove(listener);
      }
    };
  }

  /** Marks the jobs, so that whoever ends them tells; those that have ended are told at once. */
  @Override
  public Registration await(Set<JobId> ids) {
    Set<JobId> copy = Set.copyOf(ids);
    copy.forEach(board::await);
    try {
      units.run(
          0,
          tx -> {
            mark(tx, copy);
            return tellOfFinished(tx, copy);
          });
    } catch (RuntimeException e) {
      copy.forEach(board::leave);
      throw e;
    }
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        copy.forEach(board::leave);
      }
    };
  }

  /** Only jobs without a mark are locked: a waiting job is overtaken as long as it is. */
  private static void mark(Tx tx, Set<JobId> ids) throws SQLException {
    int marks = Flags.AWAITED | Flags.WATCHED;
    List<JobId> unmarked = tx.sql("job.unmarked").ids(ids).word(marks).ids();
    for (JobRow row : Jobs.lockUnfinished(tx, unmarked)) {
      if (!row.has(marks)) {
        row.flag(tx, Flags.WATCHED);
      }
    }
  }

  private static int tellOfFinished(Tx tx, Set<JobId> ids) throws SQLException {
    return tx.sql("job.states_of")
        .ids(ids)
        .ids(ids)
        .all(
            row -> {
              JobState state = Codes.state(row.getInt(2));
              if (state.isFinished()) {
                tx.news().add(new News.Finished(Stmt.id(row, 1), state, false));
              }
              return state;
            })
        .size();
  }
}
