package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import java.sql.SQLException;
import java.util.List;

/** How a job comes to wait for its turn, or waits again. */
final class Waiting {
  private Waiting() {}

  /** Due at {@code due}: SCHEDULED until then, or READY at the end of its line. */
  static void until(Tx tx, JobRow row, long due, long now) throws SQLException {
    JobState from = row.state;
    row.leaveLease();
    if (due > now) {
      row.state = JobState.SCHEDULED;
      row.due = due;
    } else {
      row.state = JobState.READY;
      row.due = now;
      takePlace(tx, row);
    }
    settle(tx, row, from, now);
  }

  /** READY at the place that it had. */
  static void whereItWas(Tx tx, JobRow row, long now) throws SQLException {
    JobState from = row.state;
    row.leaveLease();
    row.state = JobState.READY;
    announce(tx, row);
    settle(tx, row, from, now);
  }

  /** Tells those who believe that the line begins later, see {@link Marks}. */
  static void announce(Tx tx, JobRow row) throws SQLException {
    if (row.grp == null && !JobRow.lifo(row.rank)) {
      tx.sql("back.add").with(row.id).with(row.place).with(row.queue).with(row.rank).run();
    }
  }

  private static void settle(Tx tx, JobRow row, JobState from, long now) throws SQLException {
    if (from == JobState.RUNNING && row.key != null) {
      Keys.takeBack(tx, row, now);
    }
    row.save(tx);
    Moves.moved(tx, row, from, row.state, now);
  }

  /** A place at the end; a LIFO job has one for ever, from the first time it is READY. */
  private static void takePlace(Tx tx, JobRow row) throws SQLException {
    boolean lifo = JobRow.lifo(row.rank);
    if (!lifo || row.place >= 0) {
      row.place = place(tx, lifo);
    }
  }

  /** The next place; those of LIFO jobs count down. */
  static long place(Tx tx, boolean lifo) throws SQLException {
    long place = tx.sql("job.place").number(0);
    return lifo ? -place : place;
  }

  /** Due ones become READY, in due order; the limit bounds the work of one call (S2.3). */
  static void promote(Tx tx, int queue, int limit, long now) throws SQLException {
    List<JobId> due = tx.sql("dequeue.due").with(queue).with(now).with(limit).ids();
    for (JobRow row : Jobs.lockUnfinished(tx, due)) {
      until(tx, row, now, now);
    }
  }
}
