package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.EndedJob;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Maintained;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One round of housekeeping (S5): made for one call. */
final class Maintaining {
  private final World world;
  private final long now;
  private final List<JobId> reclaimed = new ArrayList<>();
  private final List<EndedJob> ended = new ArrayList<>();
  private final List<JobId> purged = new ArrayList<>();
  private int budget;

  Maintaining(World world, long now) {
    this.world = world;
    this.now = now;
  }

  /** Whether a round would find nothing to do, but for what only verifying finds. */
  boolean isIdle() {
    return world.leases.firstUntil(now) == null
        && (world.deadlines.isEmpty() || !world.deadlines.first().isExpired(now))
        && !world.dependents.hasUnsettled()
        && !world.dependents.hasUnsure()
        && world.retention.firstUntil(now) == null
        && !world.keys.hasExpired(now)
        && !world.registers.hasExpired(now)
        && !world.calls.hasIdle(now)
        && !world.hasIdle(now);
  }

  Maintained maintain(int limit, @Nullable JobId cursor) {
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
    int healed = new Verifying(world).verify(cursor, limit, now, true);
    return new Maintained(reclaimed, ended, settling.released, purged, healed, more);
  }

  private boolean hasMore() {
    return budget <= 0 || world.dependents.hasUnsettled() || world.dependents.hasUnsure();
  }

  private void reclaim() {
    Entry entry;
    while (budget > 0 && (entry = world.leases.firstUntil(now)) != null) {
      budget--;
      reclaim(entry);
    }
  }

  private void reclaim(Entry entry) {
    Run run = entry.lease();
    if (run == null) {
      world.leases.remove(entry);
      return;
    }
    boolean counts = run.started || run.abandoned;
    int most = entry.shape.maxAttempts;
    boolean last = most > 0 && run.attempt >= most;
    if (!run.abandoned && (run.crashes == 0 || run.started)) {
      run.crashes++;
    }
    if (run.cancelRequested) {
      end(entry, JobState.CANCELLED, Reasons.CANCELLED);
    } else if (!run.abandoned && run.crashes >= JobStorage.MAX_CRASHES) {
      end(entry, JobState.DEAD, Reasons.POISON);
    } else if (counts && last) {
      end(entry, JobState.DEAD, run.abandoned ? Reasons.ABANDONED : Reasons.ATTEMPTS);
    } else {
      run.attempt -= counts ? 0 : 1;
      run.reason = run.abandoned ? Reasons.ABANDONED : null;
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
    ended.add(new EndedJob(entry.id(), entry.queue(), entry.shape.type, to, reason));
    world.end(entry, to, reason, now);
  }

  private void purge() {
    Entry entry;
    while (budget > 0 && (entry = world.retention.firstUntil(now)) != null) {
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
