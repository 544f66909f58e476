package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.storage.JobStorage;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Takes leases back that have expired (S5.1). */
final class Reclaim {
  private final Tx tx;
  private final Report report;
  private final long now;

  /** Queues in which a job ended. */
  private final Set<Integer> freed = new TreeSet<>();

  Reclaim(Tx tx, Report report, long now) {
    this.tx = tx;
    this.report = report;
    this.now = now;
  }

  /** Those of the jobs whose lease has expired. */
  void take(List<JobId> ids) throws SQLException {
    for (JobRow row : Jobs.lockUnfinished(tx, ids)) {
      if (row.state == JobState.RUNNING && row.expires <= now) {
        one(row);
      }
    }
    Acks.tellLimited(tx, freed);
  }

  private void one(JobRow row) throws SQLException {
    tx.ring(row.queue, row.grp);
    boolean started = row.has(Flags.STARTED);
    boolean abandoned = row.has(Flags.ABANDONED);
    NewJob job = row.job(tx.names().name(tx.session(), row.queue));
    boolean last = job.maxAttempts() > 0 && row.attempt >= job.maxAttempts();
    if (!abandoned && (row.crashes == 0 || started)) {
      row.crashes++;
    }
    if (row.has(Flags.CANCEL)) {
      end(row, Ending.cancelled(Reasons.CANCELLED));
    } else if (!abandoned && row.crashes >= JobStorage.MAX_CRASHES) {
      end(row, Ending.dead(Reasons.POISON));
    } else if ((started || abandoned) && last) {
      end(row, Ending.dead(abandoned ? Reasons.ABANDONED : Reasons.ATTEMPTS));
    } else {
      row.attempt -= started || abandoned ? 0 : 1;
      row.reason = abandoned ? Reasons.ABANDONED : null;
      Waiting.until(tx, row, now, now);
      report.reclaimed.add(row.id);
    }
  }

  private void end(JobRow row, Ending ending) throws SQLException {
    freed.add(row.queue);
    report.ended.add(ending.apply(tx, row, now));
  }
}
