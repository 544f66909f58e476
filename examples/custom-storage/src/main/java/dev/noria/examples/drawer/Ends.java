package dev.noria.examples.drawer;

import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.Dependencies.OnMissing;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.EndedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How jobs end, and what that means for those that wait for them (S1.6, S3.4). */
final class Ends {
  private static final int MOST_TOLD = 1_000;

  private final Drawer drawer;
  private int told;

  /** What happened to jobs that a call did not name; cleared by whoever asks. */
  List<EndedJob> ended = new ArrayList<>();

  List<JobId> released = new ArrayList<>();

  Ends(Drawer drawer) {
    this.drawer = drawer;
  }

  /** A new unit begins. */
  void clear() {
    told = 0;
    ended = new ArrayList<>();
    released = new ArrayList<>();
  }

  /** The storage itself ends a job. */
  void end(Entry entry, JobState state, String reason, Instant now) {
    ended.add(new EndedJob(entry.job.id(), entry.queue(), entry.job.type(), state, reason));
    finish(entry, state, reason, entry.job.retention().of(state), now);
    settleAfter(entry, now);
  }

  /** State and key of the job itself. */
  void finish(
      Entry entry, JobState state, @Nullable String reason, Duration retention, Instant now) {
    drawer.change(entry, () -> entry.state = state);
    entry.reason = reason;
    entry.finishedAt = now;
    entry.keepUntil = now.plus(retention);
    drawer.keys.finished(entry);
    drawer.wakes.finished(entry, state);
  }

  /**
   * Tells the dependents first, so that they still find the job; then it may vanish. What exceeds
   * the bound of a unit is found by {@link Upkeep}.
   */
  void settleAfter(Entry entry, Instant now) {
    Deque<Entry> over = new ArrayDeque<>(List.of(entry));
    while (!over.isEmpty()) {
      Entry end = over.removeFirst();
      for (Entry dependent : drawer.dependents(end.job.id())) {
        if (told++ < MOST_TOLD && tell(dependent, end.job.id(), end.state, now)) {
          over.addLast(dependent);
        }
      }
    }
    boolean ignored = drawer.vanish(entry, now);
  }

  /** Looks at what has become of those that one BLOCKED job waits for. */
  void settle(Entry blocked, Instant now) {
    for (JobId on : List.copyOf(blocked.waitsFor)) {
      JobState state = stateOf(blocked, on);
      if (blocked.state == JobState.BLOCKED
          && state.isFinished()
          && tell(blocked, on, state, now)) {
        settleAfter(blocked, now);
      }
    }
  }

  private JobState stateOf(Entry dependent, JobId on) {
    @Nullable Entry dependency = drawer.jobs.get(on);
    if (dependency != null) {
      return dependency.state;
    }
    boolean done = dependent.job.dependencies().onMissing() == OnMissing.COUNT_AS_DONE;
    return done ? JobState.COMPLETED : JobState.CANCELLED;
  }

  /** Tells one dependent how one of its dependencies ended; says whether that ended it too. */
  private boolean tell(Entry dependent, JobId on, JobState state, Instant now) {
    OnFailure policy = dependent.job.dependencies().onFailure();
    if (!dependent.waitsFor.contains(on)) {
      return false;
    }
    if (state == JobState.COMPLETED || policy == OnFailure.IGNORE) {
      dependent.waitsFor.remove(on);
      if (dependent.waitsFor.isEmpty()) {
        drawer.change(dependent, () -> drawer.await(dependent, dependent.runAt(), now));
        released.add(dependent.job.id());
      }
      return false;
    }
    if (policy == OnFailure.HOLD) {
      return false;
    }
    Duration retention = dependent.job.retention().failed();
    finish(dependent, JobState.CANCELLED, Reasons.DEPENDENCY, retention, now);
    JobId id = dependent.job.id();
    String type = dependent.job.type();
    ended.add(new EndedJob(id, dependent.queue(), type, JobState.CANCELLED, Reasons.DEPENDENCY));
    return true;
  }
}
