package dev.noria.engine;

import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.Dependencies.OnMissing;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.EndedJob;
import java.util.ArrayList;
import java.util.List;

/** Tells dependents that a job they wait for has ended, some at a time (S3.4). */
final class Settling {
  private final World world;
  final List<JobId> released = new ArrayList<>();
  final List<EndedJob> ended = new ArrayList<>();

  Settling(World world) {
    this.world = world;
  }

  /** Settles at most {@code limit} dependents; returns how many. */
  int settle(int limit, long now) {
    int settled = 0;
    while (settled < limit && world.dependents.hasUnsettled()) {
      Dependents.Ended dependency = world.dependents.firstEnded();
      Entry next =
          dependency == null || isOutdated(dependency) ? null : world.dependents.next(dependency);
      if (dependency == null || next == null) {
        world.dependents.dropFirstEnded();
      } else {
        settle(next, dependency, now);
        settled++;
      }
    }
    return settled;
  }

  /** Whether the dependency has been replayed since: its dependents wait for the new generation. */
  private boolean isOutdated(Dependents.Ended dependency) {
    Entry entry = world.jobs.get(dependency.id);
    return entry != null
        && (entry.generation() != dependency.generation || !entry.state.isFinished());
  }

  private void settle(Entry entry, Dependents.Ended dependency, long now) {
    OnFailure policy = entry.dependencies().onFailure();
    if (dependency.completed || policy == OnFailure.IGNORE) {
      done(entry, dependency.id, now);
    } else if (policy == OnFailure.CANCEL) {
      world.end(entry, JobState.CANCELLED, Reasons.DEPENDENCY, now);
      ended.add(
          new EndedJob(
              entry.id(), entry.queue(), entry.shape.type, JobState.CANCELLED, Reasons.DEPENDENCY));
    }
  }

  private void done(Entry entry, JobId id, long now) {
    if (world.dependents.settle(entry, id)) {
      world.waitUntil(entry, entry.runAt(), now);
      released.add(entry.id());
    }
  }

  /** Looks at the dependencies of jobs that came from elsewhere; returns how many. */
  int resolveUnsure(int limit) {
    int looked = 0;
    Dependents.Doubt doubt;
    while (looked < limit && (doubt = world.dependents.pollUnsure()) != null) {
      Entry entry = world.jobs.get(doubt.entry());
      if (entry != null && entry.state == JobState.BLOCKED) {
        resolve(entry, doubt.id());
      }
      looked++;
    }
    return looked;
  }

  private void resolve(Entry entry, JobId id) {
    Entry dependency = world.jobs.get(id);
    if (dependency == null) {
      boolean done = entry.dependencies().onMissing() == OnMissing.COUNT_AS_DONE;
      world.dependents.endedBefore(entry, id, done, 0);
    } else if (dependency.state.isFinished()) {
      boolean completed = dependency.state == JobState.COMPLETED;
      world.dependents.endedBefore(entry, id, completed, dependency.generation());
    }
  }
}
