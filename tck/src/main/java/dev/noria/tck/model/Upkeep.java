package dev.noria.tck.model;

import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.Maintained;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Housekeeping (S5). */
final class Upkeep {
  private final Realm realm;
  private final Decisions decisions;
  private final Ends ends;
  private final Acks acks;
  private final Shelf shelf;

  Upkeep(Realm realm, Ends ends, Acks acks, Shelf shelf) {
    this.realm = realm;
    this.decisions = realm.decisions;
    this.ends = ends;
    this.acks = acks;
    this.shelf = shelf;
  }

  private interface Step {
    void run(Entry entry, Report report, Instant now);
  }

  /** Runs all steps, until one of them would exceed the limit. */
  Maintained maintain(int limit, Instant now) {
    Report report = new Report(limit);
    boolean more =
        all(entry -> decisions.isReclaimable(entry, now), this::reclaim, report, now)
            || all(entry -> isIdleAndLate(entry, now), this::expire, report, now)
            || all(entry -> entry.state == JobState.BLOCKED, ends::settleBlocked, report, now)
            || all(entry -> entry.state.isFinished(), this::purge, report, now);
    realm.keys.dropExpired(now);
    shelf.dropExpired(now);
    return new Maintained(report.reclaimed, report.ended, report.released, report.purged, 0, more);
  }

  /** Says whether the limit was reached before all was done. */
  private boolean all(Predicate<Entry> which, Step step, Report report, Instant now) {
    List<Entry> found = realm.jobs.values().stream().filter(which).toList();
    for (Entry entry : found) {
      if (report.isFull()) {
        return true;
      }
      // An earlier one may have ended this one.
      if (which.test(entry)) {
        step.run(entry, report, now);
      }
    }
    return report.cut;
  }

  private void reclaim(Entry entry, Report report, Instant now) {
    if (decisions.isCrash(entry)) {
      entry.crashes++;
    }
    String death = decisions.cancels(entry) ? null : death(entry);
    if (decisions.cancels(entry)) {
      end(entry, JobState.CANCELLED, Reasons.CANCELLED, report, now);
    } else if (death != null) {
      end(entry, JobState.DEAD, death, report, now);
    } else {
      report.reclaimed.add(entry.id());
      entry.attempt = decisions.reclaimed(entry);
      acks.waitAgain(entry, null, entry.abandoned ? Reasons.ABANDONED : null, now);
    }
  }

  private @Nullable String death(Entry entry) {
    if (!entry.abandoned && entry.crashes >= decisions.maxCrashes()) {
      return Reasons.POISON;
    }
    boolean last = entry.job.maxAttempts() > 0 && entry.attempt >= entry.job.maxAttempts();
    if (!last || !decisions.endsLastAttempt(entry)) {
      return null;
    }
    return entry.abandoned ? Reasons.ABANDONED : Reasons.ATTEMPTS;
  }

  private boolean isIdleAndLate(Entry entry, Instant now) {
    return entry.state.isWaiting() && decisions.isExpired(entry, now) && decisions.endsIdle(entry);
  }

  private void expire(Entry entry, Report report, Instant now) {
    end(entry, JobState.DEAD, Reasons.EXPIRED, report, now);
  }

  private void end(Entry entry, JobState state, String reason, Report report, Instant now) {
    report.ended(entry, state, reason);
    ends.end(entry, state, reason, report, now);
  }

  private void purge(Entry entry, Report report, Instant now) {
    if (ends.vanish(entry, now)) {
      report.purged.add(entry.id());
    }
  }
}
