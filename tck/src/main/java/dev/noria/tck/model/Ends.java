package dev.noria.tck.model;

import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How jobs end, and what that means for those that wait for them (S1.6, S1.8, S3.4). */
final class Ends {
  private final Realm realm;
  private final Decisions decisions;

  Ends(Realm realm) {
    this.realm = realm;
    this.decisions = realm.decisions;
  }

  /** A job whose end has to be told to its dependents; no state when it was deleted. */
  private record End(JobId id, @Nullable JobState state) {}

  /** Ends a job with the retention of its own; dependents are settled and it may vanish. */
  void end(Entry entry, JobState state, String reason, Report report, Instant now) {
    finish(entry, state, reason, entry.job.retention().of(state), now);
    settleAfter(entry, report, now);
  }

  /** Only the state and the key of the job itself. */
  void finish(
      Entry entry, JobState state, @Nullable String reason, Duration retention, Instant now) {
    realm.change(
        entry,
        now,
        job -> {
          job.state = state;
          job.reason = reason;
          job.finishedAt = now;
          job.keepUntil = now.plus(retention);
        });
    realm.keys.finished(entry);
    realm.hints.finished(entry, state);
  }

  /** The unit that follows a finish: dependents first, so that they still find the job. */
  void settleAfter(Entry entry, Report report, Instant now) {
    settle(new End(entry.id(), entry.state), report, now);
    vanish(entry, now);
  }

  /** Deletes a job; whoever waits for it takes it as cancelled. */
  void delete(Entry entry, Instant now) {
    realm.remove(entry, now);
    // All at once: later nobody could see that it was deleted and never completed.
    settle(new End(entry.id(), null), new Report(Integer.MAX_VALUE), now);
  }

  /** Removes a finished job whose retention is over, unless somebody depends on it. */
  boolean vanish(Entry entry, Instant now) {
    boolean over =
        entry.state.isFinished()
            && entry.keepUntil != null
            && !decisions.isKept(entry.keepUntil, now)
            && !realm.isSpared(entry);
    if (over) {
      realm.remove(entry, now);
    }
    return over;
  }

  /** Settles one BLOCKED job by what has become of its dependencies. */
  void settleBlocked(Entry entry, Report report, Instant now) {
    for (JobId on : List.copyOf(entry.waitsFor)) {
      Entry dependency = realm.job(on);
      boolean open = dependency != null && !dependency.state.isFinished();
      if (open || entry.deleted.contains(on) || entry.state != JobState.BLOCKED) {
        continue;
      }
      settle(entry, new End(on, stateOf(entry, dependency)), report, now);
    }
  }

  /** A job that is missing counts as done where the dependent says so, else as deleted. */
  private static @Nullable JobState stateOf(Entry dependent, @Nullable Entry dependency) {
    if (dependency != null) {
      return dependency.state;
    }
    return switch (dependent.job.dependencies().onMissing()) {
      case COUNT_AS_DONE -> JobState.COMPLETED;
      case REJECT -> null;
    };
  }

  private void settle(End first, Report report, Instant now) {
    Deque<End> ends = new ArrayDeque<>(List.of(first));
    while (!ends.isEmpty()) {
      End end = ends.removeFirst();
      for (Entry dependent : realm.dependents(end.id)) {
        if (report.isFull()) {
          return;
        }
        if (settleOne(dependent, end, report, now)) {
          ends.addLast(new End(dependent.id(), dependent.state));
        }
      }
    }
  }

  private void settle(Entry dependent, End end, Report report, Instant now) {
    if (settleOne(dependent, end, report, now)) {
      settle(new End(dependent.id(), dependent.state), report, now);
    }
  }

  /** Tells one dependent; says whether that ended it. */
  private boolean settleOne(Entry dependent, End end, Report report, Instant now) {
    OnFailure policy = dependent.job.dependencies().onFailure();
    if (!dependent.waitsFor.contains(end.id)) {
      return false;
    }
    if (decisions.isDone(end.state, policy)) {
      dependent.waitsFor.remove(end.id);
      releaseIfDone(dependent, report, now);
      return false;
    }
    if (!decisions.isCancelledBy(end.state, policy)) {
      if (end.state == null) {
        dependent.deleted.add(end.id);
      }
      return false;
    }
    Duration retention = dependent.job.retention().failed();
    finish(dependent, JobState.CANCELLED, Reasons.DEPENDENCY, retention, now);
    report.ended(dependent, JobState.CANCELLED, Reasons.DEPENDENCY);
    return true;
  }

  private void releaseIfDone(Entry dependent, Report report, Instant now) {
    int all = dependent.job.dependencies().on().size();
    if (decisions.isReleased(dependent.waitsFor.size(), all)) {
      realm.change(dependent, now, job -> realm.await(job, job.runAt(), now));
      report.released.add(dependent.id());
    }
  }
}
