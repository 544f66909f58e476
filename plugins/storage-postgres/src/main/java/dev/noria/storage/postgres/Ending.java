package dev.noria.storage.postgres;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.job.Limits;
import dev.noria.job.Reasons;
import dev.noria.storage.EndedJob;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a job ends.
 *
 * @param state COMPLETED, DEAD or CANCELLED
 * @param reason in words; null for none
 * @param result of a completed job
 * @param retention instead of the job's own; null: as the job says
 */
record Ending(
    JobState state, @Nullable String reason, @Nullable Bytes result, @Nullable Duration retention) {
  private static final int REASON_BYTES = 4_096;

  static Ending dead(String reason) {
    return new Ending(JobState.DEAD, reason, null, null);
  }

  static Ending cancelled(String reason) {
    return new Ending(JobState.CANCELLED, reason, null, null);
  }

  /** A reason as PostgreSQL takes it: text without U+0000, of a sensible length. */
  static @Nullable String words(@Nullable String reason) {
    return reason == null ? null : Limits.cut(reason, REASON_BYTES);
  }

  /** Ends the job: keys, result, retention, dependents and news. Its row is locked. */
  EndedJob apply(Tx tx, JobRow row, long now) throws SQLException {
    JobState from = row.state;
    String queue = tx.names().name(tx.session(), row.queue);
    Keys.reached(tx, row, Until.FINISHED);
    if (from == JobState.BLOCKED) {
      tx.sql("edge.drop").with(row.id).run();
    }
    long keep = retentionMillis(row, queue);
    close(row, keep, now);
    Moves.moved(tx, row, from, state, now);
    if (keep == 0 && !row.has(Flags.DEPENDED)) {
      erase(tx, row);
      tx.count(row.queue, state, null, 1);
    } else {
      keep(tx, row);
    }
    tx.finished(row);
    if (row.has(Flags.DEPENDED)) {
      Dependents.ended(tx, row.id, state);
    }
    String shown = reason == null ? "" : reason;
    return new EndedJob(row.id, queue, row.type, state, shown);
  }

  /** Ends jobs that were leased and can not be read; no attempt of them is counted. */
  static List<EndedJob> damaged(Tx tx, List<JobId> ids, long now, long nonce) throws SQLException {
    List<EndedJob> ended = new ArrayList<>();
    for (JobRow row : Jobs.lockUnfinished(tx, ids)) {
      if (row.state == JobState.RUNNING && row.nonce == nonce) {
        row.attempt--;
        ended.add(dead(Reasons.CORRUPT).apply(tx, row, now));
      }
    }
    return ended;
  }

  private long retentionMillis(JobRow row, String queue) {
    if (retention != null) {
      return retention.toMillis();
    }
    int kept = state == JobState.COMPLETED ? Flags.KEEP_COMPLETED : Flags.KEEP_FAILED;
    return row.has(kept) ? row.job(queue).retention().of(state).toMillis() : 0;
  }

  private void close(JobRow row, long keep, long now) {
    row.state = state;
    row.reason = words(reason);
    row.finished = now;
    row.gone = now + keep;
    row.leaveLease();
  }

  private void keep(Tx tx, JobRow row) throws SQLException {
    if (result != null) {
      tx.write("result.put").with(row.id).with(result.toArray()).run();
      row.set(Flags.RESULT, true);
    }
    row.finish(tx);
  }

  /** Removes the row and all that belongs to it; counts are the caller's business. */
  static void erase(Tx tx, JobRow row) throws SQLException {
    Keys.reached(tx, row, Until.PURGED);
    if (row.state == JobState.BLOCKED) {
      tx.sql("edge.drop").with(row.id).run();
    }
    if (row.has(Flags.RESULT)) {
      tx.sql("result.delete").with(row.id).run();
    }
    if (row.has(Flags.FAILURES)) {
      // The last one may not be there yet.
      tx.sendSoFar();
      tx.sql("failure.delete").with(row.id).run();
    }
    if (row.has(Flags.NOTES)) {
      tx.sql("progress.delete").with(row.id).run();
      tx.sql("line.delete").with(row.id).run();
      tx.sql("step.delete").with(row.id).run();
    }
    row.delete(tx);
  }

  /** Removes a job that did not end by itself; one that waits is cancelled by that. */
  static void remove(Tx tx, JobRow row, long now) throws SQLException {
    erase(tx, row);
    JobState last = row.state;
    if (last.isWaiting()) {
      last = JobState.CANCELLED;
      Moves.moved(tx, row, row.state, last, now);
      row.state = last;
      tx.finished(row);
    }
    Moves.moved(tx, row, last, null, now);
    if (row.has(Flags.DEPENDED)) {
      Dependents.ended(tx, row.id, last);
    }
  }
}
