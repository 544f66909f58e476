package dev.noria.storage.sqlite;

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
  private final QueueRow queue;
  private final List<JobRow> pending = new ArrayList<>();
  private final List<JobRow> failed = new ArrayList<>();
  private final List<JobRow> done = new ArrayList<>();

  Newcomer(Tx tx, NewJob job, Map<JobId, JobId> aliases, long now) throws SQLException {
    this.tx = tx;
    this.job = resolved(job, aliases);
    this.now = now;
    this.queue = tx.mirror().queue(job.queue());
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

  EnqueueReceipt enqueue() throws SQLException {
    JobRow same = Jobs.byId(tx.session(), job.id());
    if (same != null) {
      return EnqueueReceipt.duplicate(job.id(), same.state);
    }
    JobKey key = job.key();
    if (key != null) {
      Optional<JobId> holder = Keys.holder(tx, queue.id, key.name(), now);
      if (holder.isPresent()) {
        return conflict(key, holder.get());
      }
    }
    JobId missing = lookAtPrerequisites();
    if (missing != null) {
      return EnqueueReceipt.rejected(
          job.id(), "Job " + missing + ", on which it depends, is missing");
    }
    insert();
    return EnqueueReceipt.enqueued(job.id());
  }

  private EnqueueReceipt conflict(JobKey key, JobId holder) throws SQLException {
    JobRow row = Jobs.byId(tx.session(), holder);
    if (row == null) {
      return EnqueueReceipt.duplicate(holder, null);
    }
    if (key.policy().onConflict() == OnConflict.KEEP || !row.state.isWaiting()) {
      return EnqueueReceipt.duplicate(holder, row.state);
    }
    replace(row);
    return EnqueueReceipt.replaced(holder);
  }

  /** Gives a waiting holder the payload, headers and due instant of the newcomer. */
  private void replace(JobRow row) throws SQLException {
    NewJob old = row.job(queue);
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
    row.saveBody(tx.session());
    long due = Run.due(job, now);
    if (row.state == JobState.BLOCKED) {
      row.due = due;
      row.save(tx.session());
    } else if (row.state == JobState.SCHEDULED || due > now) {
      Waiting.until(tx, row, due, now);
    }
  }

  /** Sorts out whom it waits for; answers the one that is missing, if that matters. */
  private @Nullable JobId lookAtPrerequisites() throws SQLException {
    Dependencies dependencies = job.dependencies();
    for (JobId named : dependencies.on()) {
      JobRow row = Jobs.byId(tx.session(), named);
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

  private void insert() throws SQLException {
    boolean blocked = !pending.isEmpty() || !failed.isEmpty();
    long due = Run.due(job, now);
    JobState state = blocked ? JobState.BLOCKED : due > now ? JobState.SCHEDULED : JobState.READY;
    long seq = tx.mirror().seqs(1);
    long place = 0;
    if (state == JobState.READY) {
      place = job.lifo() ? -queue.places(now, 1) : queue.places(now, 1);
    }
    long grp = Run.grp(tx, queue, job);
    Run.insertOne(tx, job, seq, new Run.Spot(queue.id, grp, state, place, due), now);
    Ledger.count(tx, queue, grp, null, state, Moves.fresh(tx, 1));
    if (state == JobState.SCHEDULED) {
      tx.news().due(queue.name, due);
    }
    if (EventLog.records(tx, state)) {
      EventLog.add(tx, job.id(), queue.name, job.type(), null, state, now);
    }
    if (job.key() != null) {
      Keys.put(tx, queue.id, job.key(), job.id(), now);
    }
    if (blocked) {
      block(seq);
    }
  }

  private void block(long seq) throws SQLException {
    boolean cancel = job.dependencies().onFailure() == OnFailure.CANCEL;
    if (!failed.isEmpty() && cancel) {
      JobRow row = Jobs.bySeq(tx.session(), seq);
      if (row != null) {
        Ending.cancelled(Reasons.DEPENDENCY).apply(tx, row, now);
      }
      return;
    }
    edges(pending, seq, Dependents.OPEN);
    edges(failed, seq, Dependents.HELD);
    edges(done, seq, Dependents.DONE);
  }

  private void edges(List<JobRow> prerequisites, long seq, int state) throws SQLException {
    for (JobRow row : prerequisites) {
      tx.sql("edge.add").with(row.id.toBytes()).with(seq).with(state).run();
      if (!row.has(Flags.DEPENDED)) {
        tx.sql("job.flag").with(Flags.DEPENDED).with(row.seq).run();
      }
    }
  }
}
