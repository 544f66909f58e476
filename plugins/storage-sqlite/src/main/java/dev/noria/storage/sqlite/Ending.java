package dev.noria.storage.sqlite;

import dev.noria.job.Bytes;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.storage.EndedJob;
import java.sql.SQLException;
import java.time.Duration;
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

  static Ending dead(String reason) {
    return new Ending(JobState.DEAD, reason, null, null);
  }

  static Ending cancelled(String reason) {
    return new Ending(JobState.CANCELLED, reason, null, null);
  }

  /** Ends the job: keys, result, retention, dependents and news. */
  EndedJob apply(Tx tx, JobRow row, long now) throws SQLException {
    JobState from = row.state;
    QueueRow queue = tx.mirror().queue(row.queue);
    if (row.has(Flags.KEYED)) {
      Keys.reached(tx, row, Until.FINISHED);
    }
    if (from == JobState.BLOCKED) {
      tx.sql("edge.drop").with(row.seq).run();
    }
    long keep = retentionMillis(row, queue);
    close(row, keep, now);
    Ledger.moved(tx, row, from, state, now);
    if (keep == 0 && !row.has(Flags.DEPENDED)) {
      erase(tx, row);
      Ledger.count(tx, queue, row.grp, state, null, Moves.one(tx, row.seq));
    } else {
      keep(tx, row);
    }
    tx.finished(row);
    if (row.has(Flags.DEPENDED)) {
      Dependents.ended(tx, row.id, state);
    }
    String words = reason == null ? "" : reason;
    return new EndedJob(row.id, queue.name, Body.type(row.body), state, words);
  }

  private long retentionMillis(JobRow row, QueueRow queue) {
    if (retention != null) {
      return retention.toMillis();
    }
    long kept = state == JobState.COMPLETED ? Flags.KEEP_COMPLETED : Flags.KEEP_FAILED;
    return row.has(kept) ? row.job(queue).retention().of(state).toMillis() : 0;
  }

  private void close(JobRow row, long keep, long now) {
    row.state = state;
    row.reason = reason;
    row.finished = now;
    row.gone = now + keep;
    Waiting.leaveLease(row);
  }

  private void keep(Tx tx, JobRow row) throws SQLException {
    if (result != null) {
      tx.sql("result.put").with(row.seq).with(result.toArray()).run();
      row.set(Flags.RESULT, true);
    }
    row.save(tx.session());
  }

  /** Removes the row and all that belongs to it; counts are the caller's business. */
  static void erase(Tx tx, JobRow row) throws SQLException {
    if (row.has(Flags.KEYED)) {
      Keys.reached(tx, row, Until.PURGED);
    }
    if (row.state == JobState.BLOCKED) {
      tx.sql("edge.drop").with(row.seq).run();
    }
    if (row.has(Flags.RESULT)) {
      tx.sql("result.delete").with(row.seq).run();
    }
    if (row.has(Flags.FAILURES)) {
      tx.sql("failure.delete").with(row.seq).run();
    }
    if (row.has(Flags.NOTES)) {
      tx.sql("progress.delete").with(row.seq).run();
      tx.sql("line.delete").with(row.seq).run();
      tx.sql("step.delete").with(row.seq).run();
    }
    tx.sql("job.delete").with(row.seq).run();
  }

  /** Removes a job that did not end by itself; one that waits is cancelled by that. */
  static void remove(Tx tx, JobRow row, long now) throws SQLException {
    erase(tx, row);
    JobState last = row.state;
    if (last.isWaiting()) {
      last = JobState.CANCELLED;
      Ledger.moved(tx, row, row.state, last, now);
      row.state = last;
      tx.finished(row);
    }
    Ledger.moved(tx, row, last, null, now);
    if (row.has(Flags.DEPENDED)) {
      Dependents.ended(tx, row.id, last);
    }
  }
}
