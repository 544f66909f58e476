package dev.noria.examples.drawer;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Maintained;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Housekeeping (S5); made for one call. Looks at every job: a larger storage orders them by time.
 */
final class Upkeep {
  private final Drawer drawer;
  private final Ends ends;
  private final Acks acks;
  private final Instant now;
  private final List<JobId> reclaimed = new ArrayList<>();
  private final List<JobId> purged = new ArrayList<>();

  Upkeep(Drawer drawer, Ends ends, Acks acks, Instant now) {
    this.drawer = drawer;
    this.ends = ends;
    this.acks = acks;
    this.now = now;
  }

  Maintained run(int limit) {
    boolean more =
        all(limit, this::isReclaimable, this::reclaim)
            || all(
                limit,
                entry -> entry.state.isWaiting() && entry.isPastDeadline(now),
                entry -> ends.end(entry, JobState.DEAD, Reasons.EXPIRED, now))
            || all(
                limit, entry -> entry.state == JobState.BLOCKED, entry -> ends.settle(entry, now))
            || all(limit, entry -> entry.state.isFinished(), this::purge);
    drawer.keys.dropExpired(now);
    return new Maintained(reclaimed, ends.ended, ends.released, purged, 0, more);
  }

  /** Says whether the limit was reached before the last one. */
  private boolean all(int limit, Predicate<Entry> which, Consumer<Entry> step) {
    for (Entry entry : drawer.jobs.values().stream().filter(which).toList()) {
      if (reclaimed.size() + ends.ended.size() + ends.released.size() + purged.size() >= limit) {
        return true;
      }
      // An earlier step may have ended this one.
      if (which.test(entry)) {
        step.accept(entry);
      }
    }
    return false;
  }

  private boolean isReclaimable(Entry entry) {
    return entry.state == JobState.RUNNING && !entry.leaseExpiresAt.isAfter(now);
  }

  /** S5.1: the worker is gone, or its handler ignored that its time was over. */
  private void reclaim(Entry entry) {
    if (!entry.abandoned && (entry.crashes == 0 || entry.started)) {
      entry.crashes++;
    }
    if (!entry.started) {
      entry.attempt--;
    }
    @Nullable String death = death(entry);
    if (death != null) {
      ends.end(entry, JobState.DEAD, death, now);
    } else {
      reclaimed.add(entry.job.id());
      acks.waitAgain(entry, null, entry.abandoned ? Reasons.ABANDONED : null, now);
    }
  }

  private static @Nullable String death(Entry entry) {
    if (!entry.abandoned && entry.crashes >= JobStorage.MAX_CRASHES) {
      return Reasons.POISON;
    }
    if (!entry.started || !entry.isLast()) {
      return null;
    }
    return entry.abandoned ? Reasons.ABANDONED : Reasons.ATTEMPTS;
  }

  private void purge(Entry entry) {
    if (drawer.vanish(entry, now)) {
      purged.add(entry.job.id());
    }
  }
}
