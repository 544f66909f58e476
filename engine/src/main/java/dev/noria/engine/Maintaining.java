package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.EndedJob;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Maintained;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One round of housekeeping (S5): made for one call. */
final class Maintaining {
  private final World world;
  private final Verifying verifying;
  private final Instant now;
  private final List<JobId> reclaimed = new ArrayList<>();
  private final List<EndedJob> ended = new ArrayList<>();
  private final List<JobId> purged = new ArrayList<>();
  private int budget;

  Maintaining(World world, Verifying verifying, Instant now) {
    this.world = world;
    this.verifying = verifying;
    this.now = now;
  }

  Maintained maintain(int limit) {
    budget = limit;
    reclaim();
    expire();
    Settling settling = new Settling(world);
    budget -= settling.resolveUnsure(budget);
    budget -= settling.settle(Math.min(budget, Enqueuing.SETTLED), now);
    ended.addAll(settling.ended);
    purge();
    budget -= world.keys.expire(budget, now);
    budget -= world.registers.expire(budget, now);
    world.calls.dropIdle(now);
    boolean idle = world.dropIdle(limit, now);
    boolean more = idle || hasMore();
    int healed = verifying.verify(limit, now);
    return new Maintained(reclaimed, ended, settling.released, purged, healed, more);
  }

  private boolean hasMore() {
    return budget <= 0 || world.dependents.hasUnsettled() || world.dependents.hasUnsure();
  }

  private void reclaim() {
    Entry entry;
    while (budget > 0 && (entry = world.leases.firstUntil(now.toEpochMilli())) != null) {
      budget--;
      reclaim(entry);
    }
  }

  private void reclaim(Entry entry) {
    Run run = entry.run;
    if (run == null) {
      world.leases.remove(entry);
      return;
    }
    boolean counts = run.started || run.abandoned;
    boolean last = entry.job.maxAttempts() > 0 && entry.attempt >= entry.job.maxAttempts();
    if (!run.abandoned && (entry.crashes == 0 || run.started)) {
      entry.crashes++;
    }
    if (run.cancelRequested) {
      end(entry, JobState.CANCELLED, Reasons.CANCELLED);
    } else if (!run.abandoned && entry.crashes >= JobStorage.MAX_CRASHES) {
      end(entry, JobState.DEAD, Reasons.POISON);
    } else if (counts && last) {
      end(entry, JobState.DEAD, run.abandoned ? Reasons.ABANDONED : Reasons.ATTEMPTS);
    } else {
      entry.attempt -= counts ? 0 : 1;
      entry.reason = run.abandoned ? Reasons.ABANDONED : null;
      world.ready(entry, now);
      reclaimed.add(entry.id());
    }
  }

  private void expire() {
    while (budget > 0 && !world.deadlines.isEmpty() && world.deadlines.first().isExpired(now)) {
      budget--;
      end(world.deadlines.first(), JobState.DEAD, Reasons.EXPIRED);
    }
  }

  private void end(Entry entry, JobState to, String reason) {
    ended.add(new EndedJob(entry.id(), entry.job.queue(), entry.job.type(), to, reason));
    world.end(entry, to, reason, now);
  }

  private void purge() {
    Entry entry;
    while (budget > 0 && (entry = world.retention.firstUntil(now.toEpochMilli())) != null) {
      budget--;
      if (world.dependents.isNeeded(entry.id())) {
        // It comes back when the last job that names it has ended.
        world.retention.remove(entry);
      } else {
        world.vanish(entry, now);
        purged.add(entry.id());
      }
    }
  }
}
