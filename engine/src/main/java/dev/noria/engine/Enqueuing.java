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

  List<EnqueueReceipt> enqueue(List<NewJob> jobs, Instant now) {
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
  List<EnqueueReceipt> accept(List<NewJob> jobs, Instant now) {
    long place = world.places(jobs.size());
    for (NewJob job : jobs) {
      if (!job.dependencies().isEmpty()) {
        return new LinkedJobs(this, jobs, place, now).accept();
      }
    }
    List<EnqueueReceipt> receipts = new ArrayList<>(jobs.size());
    for (NewJob job : jobs) {
      receipts.add(accept(job, place++, now));
    }
    return receipts;
  }

  /** Stores one job, whose dependencies name jobs that exist by now, or never will. */
  EnqueueReceipt accept(NewJob job, long place, Instant now) {
    Entry existing = world.jobs.get(job.id());
    if (existing != null) {
      return EnqueueReceipt.duplicate(job.id(), existing.state);
    }
    EnqueueReceipt refusal = refuse(job);
    if (refusal == null && job.key() != null) {
      refusal = conflict(job, now);
    }
    if (refusal != null) {
      return refusal;
    }
    Entry entry = job.dependencies().isEmpty() ? null : blocked(job, place, now);
    if (entry == null) {
      Instant runAt = job.runAt();
      boolean later = runAt != null && runAt.isAfter(now);
      entry = world.create(job, later ? JobState.SCHEDULED : JobState.READY, place, now);
    }
    if (job.key() != null) {
      world.keys.take(entry, now);
    }
    return EnqueueReceipt.enqueued(job.id());
  }

  private @Nullable EnqueueReceipt refuse(NewJob job) {
    int most = world.limits.payloadBytes();
    if (job.payload().size() > most) {
      return EnqueueReceipt.rejected(
          job.id(),
          "The payload has " + job.payload().size() + " bytes. At most " + most + " fit.");
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
  private @Nullable EnqueueReceipt conflict(NewJob job, Instant now) {
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
      replace(holder, job, now);
      return EnqueueReceipt.replaced(holder.id());
    }
    return EnqueueReceipt.duplicate(holder.id(), holder.state);
  }

  private void replace(Entry holder, NewJob newcomer, Instant now) {
    Instant runAt = newcomer.runAt() == null ? now : newcomer.runAt();
    NewJob.Builder changed = holder.job.toBuilder().payload(newcomer.payload()).runAt(runAt);
    NewJob replaced = Jobs.withHeaders(changed.build(), newcomer.headers());
    Jobs.redue(world, holder, replaced, now);
  }

  /** Stores a job as BLOCKED; null when all its dependencies are done. */
  private @Nullable Entry blocked(NewJob job, long place, Instant now) {
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
    Entry entry = world.create(job, JobState.BLOCKED, place, now);
    entry.dueAt = entry.runAt();
    open.forEach(id -> world.dependents.block(entry, id));
    failed.forEach(one -> world.dependents.endedBefore(entry, one.id(), false, one.generation));
    return entry;
  }

  private static boolean isDone(Entry dependency, Dependencies how) {
    return dependency.state == JobState.COMPLETED
        || (dependency.state.isFinished() && how.onFailure() == Dependencies.OnFailure.IGNORE);
  }
}
