package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.storage.Signals;
import java.util.Map;
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
    return () -> board.remove(listener);
  }

  /** Marks the jobs, so that whoever ends them tells; those that have ended are told at once. */
  @Override
  public Registration await(Set<JobId> ids) {
    Set<JobId> copy = Set.copyOf(ids);
    copy.forEach(board::await);
    units.run(
        0,
        tx -> {
          Map<JobId, JobRow> rows = Jobs.lock(tx, copy);
          for (JobRow row : rows.values()) {
            if (row.state.isFinished()) {
              tx.news().add(new News.Finished(row.id, row.state, false));
            } else if (!row.has(Flags.AWAITED | Flags.WATCHED)) {
              row.flag(tx, Flags.WATCHED);
            }
          }
          return rows.size();
        });
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        copy.forEach(board::leave);
      }
    };
  }
}
