package dev.noria.storage.postgres;

import dev.noria.job.Dependencies;
import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.Dependencies.OnMissing;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.OnConflict;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.rows.Codes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A new job with a key or dependencies, on its way into the table (S1.4, S1.6). */
final class Newcomer {
  private final Tx tx;
  private final NewJob job;
  private final long now;
  private final int queue;
  private final List<JobRow> pending = new ArrayList<>();
  private final List<JobRow> failed = new ArrayList<>();
  private final List<JobRow> done = new ArrayList<>();

  Newcomer(Tx tx, NewJob job, Map<JobId, JobId> aliases, long now) throws SQLException {
    this.tx = tx;
    this.job = resolved(job, aliases);
    this.now = now;
    this.queue = tx.names().id(tx.session(), job.queue());
    if (job.group() != null) {
      tx.names().group(queue);
    }
  }

  /** The job with the existing jobs that the ids of its call stand for. */
  private static NewJob resolved(NewJob job, Map<JobId, JobId> aliases) {
    Dependencies named = job.dependencies();
    if (named.isEmpty() || aliases.isEmpty()) {
      return job;
    }
    List<JobId> on = new ArrayList<>();
    for (JobId id : named.on()) {
      on.add(aliases.getOrDefault(id, id));
    }
    return job.toBuilder()
        .dependencies(new Dependencies(on, named.onFailure(), named.onMissing()))
        .build();
  }

  /** The receipt; {@code rows} are those that are locked already. */
  EnqueueReceipt enqueue(Map<JobId, JobRow> rows, long place) throws SQLException {
    JobKey key = job.key();
    while (key != null && !Keys.take(tx, queue, key, job.id(), now)) {
      Optional<JobId> holder = Keys.holder(tx, queue, key.name(), now);
      EnqueueReceipt receipt = holder.isEmpty() ? null : conflict(key, holder.get());
      if (receipt != null) {
        return receipt;
      }
      // The entry went between two looks: try again.
    }
    JobId missing = lookAtPrerequisites(rows);
    if (missing != null) {
      give(key);
      return EnqueueReceipt.rejected(
          job.id(), "Job " + missing + ", on which it depends, is missing");
    }
    if (!insert(place)) {
      give(key);
      Map<JobId, JobRow> same = Jobs.look(tx.session(), List.of(job.id()));
      JobRow row = same.get(job.id());
      return EnqueueReceipt.duplicate(job.id(), row == null ? null : row.state);
    }
    return EnqueueReceipt.enqueued(job.id());
  }

  /** Gives back a key that was taken in vain. */
  private void give(@Nullable JobKey key) throws SQLException {
    if (key != null) {
      tx.sql("key.free").with(queue).with(key.name()).with(job.id()).with(Codes.UNTIL.size()).run();
    }
  }

  /** The answer to a key that is taken; null when it is not any more. */
  private @Nullable EnqueueReceipt conflict(JobKey key, JobId holder) throws SQLException {
    boolean replaces = key.policy().onConflict() == OnConflict.REPLACE;
    JobRow row =
        replaces ? Jobs.lock(tx, holder) : Jobs.look(tx.session(), List.of(holder)).get(holder);
    if (replaces && row != null && row.state.isWaiting()) {
      replace(row);
      return EnqueueReceipt.replaced(holder);
    }
    boolean still = Keys.holder(tx, queue, key.name(), now).filter(holder::equals).isPresent();
    return still ? EnqueueReceipt.duplicate(holder, row == null ? null : row.state) : null;
  }

  /** Gives a waiting holder the payload, headers and due instant of the newcomer. */
  private void replace(JobRow row) throws SQLException {
    NewJob old = row.job(job.queue());
    NewJob.Builder next =
        NewJob.builder(old.id(), old.type(), old.queue(), job.payload())
            .runAt(job.runAt())
            .priority(old.priority())
            .lifo(old.lifo())
            .group(old.group())
            .limitKey(old.limitKey())
            .key(old.key())
            .dependencies(old.dependencies())
            .maxAttempts(old.maxAttempts())
            .timeout(old.timeout())
            .deadline(old.deadline())
            .retention(old.retention())
            .awaited(old.awaited());
    job.headers().forEach(next::header);
    row.job(next.build());
    tx.sql("job.rewrite").with(job.payload().toArray()).with(row.id).run();
    long due = Columns.due(job, now);
    if (row.state == JobState.BLOCKED) {
      row.due = due;
      row.save(tx);
    } else if (row.state == JobState.SCHEDULED || due > now) {
      Waiting.until(tx, row, due, now);
    } else {
      row.save(tx);
    }
  }

  /** Sorts out whom it waits for; answers the one that is missing, if that matters. */
  private @Nullable JobId lookAtPrerequisites(Map<JobId, JobRow> rows) throws SQLException {
    Dependencies dependencies = job.dependencies();
    for (JobId named : dependencies.on()) {
      JobRow row = rows.get(named);
      if (row == null) {
        row = Jobs.lock(tx, named);
      }
      if (row == null) {
        if (dependencies.onMissing() == OnMissing.REJECT) {
          return named;
        }
      } else if (!row.state.isFinished()) {
        pending.add(row);
      } else if (row.state != JobState.COMPLETED && dependencies.onFailure() != OnFailure.IGNORE) {
        failed.add(row);
      } else {
        done.add(row);
      }
    }
    return null;
  }

  private boolean insert(long place) throws SQLException {
    boolean blocked = !pending.isEmpty() || !failed.isEmpty();
    long due = Columns.due(job, now);
    JobState state = blocked ? JobState.BLOCKED : due > now ? JobState.SCHEDULED : JobState.READY;
    if (!insertRow(
        tx, job, new Enqueue.Spot(queue, state, due), job.lifo() ? -place : place, now)) {
      return false;
    }
    Enqueue.stored(tx, job, new Enqueue.Spot(queue, state, due));
    if (EventLog.records(tx, state)) {
      EventLog.add(tx, job, state, now);
    }
    if (blocked) {
      block();
    }
    return true;
  }

  static boolean insertRow(Tx tx, NewJob job, Enqueue.Spot spot, long place, long now)
      throws SQLException {
    Stmt insert = tx.sql("job.insert").with(job.id()).with(place).with(spot.due()).with(now);
    insert.with(spot.queue()).with(Columns.flags(job)).with(Codes.of(spot.state()));
    insert.with(JobRow.rank(job.priority(), job.lifo())).orNull(Columns.deadline(job));
    insert.with(job.type()).with(job.group()).with(job.key() == null ? null : job.key().name());
    return insert.with(Extra.pack(job)).with(job.payload().toArray()).run() > 0;
  }

  private void block() throws SQLException {
    boolean cancel = job.dependencies().onFailure() == OnFailure.CANCEL;
    if (!failed.isEmpty() && cancel) {
      JobRow row = Jobs.lock(tx, job.id());
      if (row != null) {
        Ending.cancelled(Reasons.DEPENDENCY).apply(tx, row, now);
      }
      return;
    }
    edges(pending, Dependents.OPEN);
    edges(failed, Dependents.HELD);
    edges(done, Dependents.DONE);
  }

  private void edges(List<JobRow> prerequisites, int state) throws SQLException {
    for (JobRow row : prerequisites) {
      tx.sql("edge.add").with(row.id).with(job.id()).with(state).run();
      if (!row.has(Flags.DEPENDED)) {
        row.flag(tx, Flags.DEPENDED);
      }
    }
  }
}
