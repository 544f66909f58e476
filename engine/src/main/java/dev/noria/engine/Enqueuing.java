package dev.noria.engine;

import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.OnConflict;
import dev.noria.job.NewJob;
import dev.noria.storage.StorageException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stores new jobs (S1). */
final class Enqueuing {
  /** Most dependents that one call settles (S3.4). */
  static final int SETTLED = 1_000;

  private final World world;
  private final Settling settling;

  Enqueuing(World world) {
    this.world = world;
    this.settling = new Settling(world);
  }

  List<EnqueueReceipt> enqueue(List<Draft> jobs, long now) {
    if (jobs.size() > world.limits.batchJobs()) {
      throw new StorageException(
          StorageException.Kind.LIMIT,
          "A call brings " + jobs.size() + " jobs. At most " + world.limits.batchJobs() + " fit.");
    }
    List<EnqueueReceipt> receipts = accept(jobs, now);
    settling.settle(SETTLED, now);
    return receipts;
  }

  /** Stores jobs inside a larger unit. */
  List<EnqueueReceipt> accept(List<Draft> jobs, long now) {
    long place = world.places(jobs.size());
    for (Draft job : jobs) {
      if (!job.job().dependencies().isEmpty()) {
        return new LinkedJobs(this, jobs, place, now).accept();
      }
    }
    List<EnqueueReceipt> receipts = new ArrayList<>(jobs.size());
    for (Draft job : jobs) {
      receipts.add(accept(job, place++, now));
    }
    return receipts;
  }

  /** Stores one job, whose dependencies name jobs that exist by now, or never will. */
  EnqueueReceipt accept(Draft draft, long place, long now) {
    NewJob job = draft.job();
    Entry existing = world.jobs.get(job.id());
    if (existing != null) {
      return EnqueueReceipt.duplicate(job.id(), existing.state);
    }
    EnqueueReceipt refusal = refuse(draft);
    if (refusal == null && job.key() != null) {
      refusal = conflict(draft, now);
    }
    if (refusal != null) {
      return refusal;
    }
    Entry entry = job.dependencies().isEmpty() ? null : blocked(draft, place, now);
    if (entry == null) {
      Instant runAt = job.runAt();
      boolean later = runAt != null && runAt.toEpochMilli() > now;
      entry = world.create(draft, later ? JobState.SCHEDULED : JobState.READY, place, now);
    }
    if (job.key() != null) {
      world.keys.take(entry, now);
    }
    return EnqueueReceipt.enqueued(job.id());
  }

  private @Nullable EnqueueReceipt refuse(Draft draft) {
    NewJob job = draft.job();
    int most = world.limits.payloadBytes();
    if (draft.payloadSize() > most) {
      return EnqueueReceipt.rejected(
          job.id(), "The payload has " + draft.payloadSize() + " bytes. At most " + most + " fit.");
    }
    Dependencies dependencies = job.dependencies();
    if (dependencies.isEmpty()) {
      return null;
    }
    if (dependencies.on().size() > world.limits.dependencies()) {
      return EnqueueReceipt.rejected(
          job.id(),
          "The job depends on "
              + dependencies.on().size()
              + " others. At most "
              + world.limits.dependencies()
              + " are allowed; make it a tree.");
    }
    return missing(job);
  }

  private @Nullable EnqueueReceipt missing(NewJob job) {
    for (JobId id : job.dependencies().on()) {
      if (id.equals(job.id())) {
        return EnqueueReceipt.rejected(id, "The job depends on itself.");
      }
      boolean reject = job.dependencies().onMissing() == Dependencies.OnMissing.REJECT;
      if (reject && world.jobs.get(id) == null) {
        return EnqueueReceipt.rejected(
            job.id(), "The job depends on " + id + ", which does not exist.");
      }
    }
    return null;
  }

  /** The answer to a job whose key is taken; null when it is free. */
  private @Nullable EnqueueReceipt conflict(Draft draft, long now) {
    NewJob job = draft.job();
    var key = job.key();
    if (key == null) {
      return null;
    }
    Keys.Hold hold = world.keys.holding(new Keys.Name(job.queue(), key.name()), now);
    if (hold == null) {
      return null;
    }
    Entry holder = world.jobs.get(hold.holder());
    if (holder == null) {
      return EnqueueReceipt.duplicate(hold.holder(), null);
    }
    if (key.policy().onConflict() == OnConflict.REPLACE && holder.state.isWaiting()) {
      replace(holder, draft, now);
      return EnqueueReceipt.replaced(holder.id());
    }
    return EnqueueReceipt.duplicate(holder.id(), holder.state);
  }

  private void replace(Entry holder, Draft newcomer, long now) {
    Instant runAt = newcomer.job().runAt();
    world.live.drop(holder.contentSequence());
    holder.body(newcomer);
    world.live.add(holder.contentSequence());
    Jobs.redue(world, holder, runAt == null ? now : runAt.toEpochMilli(), now);
  }

  /** Stores a job as BLOCKED; null when all its dependencies are done. */
  private @Nullable Entry blocked(Draft draft, long place, long now) {
    NewJob job = draft.job();
    List<JobId> open = new ArrayList<>();
    List<Entry> failed = new ArrayList<>();
    for (JobId id : job.dependencies().on()) {
      Entry dependency = world.jobs.get(id);
      if (dependency != null && !isDone(dependency, job.dependencies())) {
        open.add(id);
        if (dependency.state.isFinished()) {
          failed.add(dependency);
        }
      }
    }
    if (open.isEmpty()) {
      return null;
    }
    Entry entry = world.create(draft, JobState.BLOCKED, place, now);
    entry.dueAt = entry.runAt();
    open.forEach(id -> world.dependents.block(entry, id));
    failed.forEach(one -> world.dependents.endedBefore(entry, one.id(), false, one.generation()));
    return entry;
  }

  private static boolean isDone(Entry dependency, Dependencies how) {
    return dependency.state == JobState.COMPLETED
        || (dependency.state.isFinished() && how.onFailure() == Dependencies.OnFailure.IGNORE);
  }
}
