package dev.noria.storage.sqlite;

import dev.noria.job.JobState;
import java.sql.SQLException;

/** How a job comes to wait for its turn, or waits again. */
final class Waiting {
  private Waiting() {}

  /** Due at {@code due}: SCHEDULED until then, or READY at the end of its line. */
  static void until(Tx tx, JobRow row, long due, long now) throws SQLException {
    JobState from = row.state;
    leaveLease(row);
    if (due > now) {
      row.state = JobState.SCHEDULED;
      row.due = due;
    } else {
      row.state = JobState.READY;
      row.due = now;
      takePlace(tx, row, now);
    }
    settle(tx, row, from, now);
  }

  /** READY at the place that it had. */
  static void whereItWas(Tx tx, JobRow row, long now) throws SQLException {
    JobState from = row.state;
    leaveLease(row);
    row.state = JobState.READY;
    settle(tx, row, from, now);
  }

  private static void settle(Tx tx, JobRow row, JobState from, long now) throws SQLException {
    if (from == JobState.RUNNING && row.has(Flags.KEYED)) {
      Keys.takeBack(tx, row);
    }
    row.save(tx.session());
    Ledger.moved(tx, row, from, row.state, now);
  }

  /** A place at the end; a LIFO job has one for ever. */
  private static void takePlace(Tx tx, JobRow row, long now) throws SQLException {
    boolean lifo = JobRow.lifo(row.rank);
    if (!lifo || row.place == 0) {
      long place = tx.mirror().queue(row.queue).places(now, 1);
      row.place = lifo ? -place : place;
    }
  }

  static void leaveLease(JobRow row) {
    row.nonce = 0;
    row.owner = 0;
    row.expires = -1;
    row.leased = -1;
    row.flags &= ~(Flags.STARTED | Flags.ABANDONED);
  }

  /** Due ones become READY, in due order; the limit bounds the work of one call (S2.3). */
  static void promote(Tx tx, QueueRow queue, int limit, long now) throws SQLException {
    if (queue.count(JobState.SCHEDULED) == 0) {
      return;
    }
    for (long seq : tx.sql("dequeue.due").with(queue.id).with(now).with(limit).numbers()) {
      JobRow row = Jobs.bySeq(tx.session(), seq);
      if (row != null) {
        until(tx, row, now, now);
      }
    }
  }
}
