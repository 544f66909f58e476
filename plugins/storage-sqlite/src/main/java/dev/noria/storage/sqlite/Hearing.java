package dev.noria.storage.sqlite;

import dev.noria.job.JobId;
import dev.noria.storage.Signals;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Registrations of listeners and waiters. */
final class Hearing implements Signals {
  private final Writer writer;
  private final Board board;
  private final Watcher watcher;

  Hearing(Writer writer, Board board, Watcher watcher) {
    this.writer = writer;
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
    writer.call(
        tx -> {
          for (JobId id : copy) {
            mark(tx, id);
          }
          return copy.size();
        });
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        copy.forEach(board::leave);
      }
    };
  }

  private static void mark(Tx tx, JobId id) throws SQLException {
    JobRow row = Jobs.byId(tx.session(), id);
    if (row != null && row.state.isFinished()) {
      tx.news().add(new News.Finished(id, row.state, false));
    } else if (row != null && !row.has(Flags.AWAITED | Flags.WATCHED)) {
      tx.sql("job.flag").with(Flags.WATCHED).with(row.seq).run();
    }
  }
}
