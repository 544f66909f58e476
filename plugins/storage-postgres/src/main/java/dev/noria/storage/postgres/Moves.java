package dev.noria.storage.postgres;

import dev.noria.job.JobState;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Keeps counts, bells, events and news right whenever a job changes its state. */
final class Moves {
  private Moves() {}

  /** The job went from one state to another; null is "not there". */
  static void moved(Tx tx, JobRow row, @Nullable JobState from, @Nullable JobState to, long now)
      throws SQLException {
    tx.count(row.queue, from, to, 1);
    if (to == JobState.SCHEDULED) {
      tx.news().due(row.queue, row.due);
    } else if (to == JobState.READY) {
      tx.news().ready(row.queue);
      tx.ring(row.queue, row.grp);
    }
    if (from != to && EventLog.records(tx, to)) {
      EventLog.add(tx, row, from, to, now);
    }
  }
}
