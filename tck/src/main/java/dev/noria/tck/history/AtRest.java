package dev.noria.tck.history;

import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.QueueCounts;
import dev.noria.job.StoredJob;
import dev.noria.tck.history.Verdict.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the final state must look like (I13, I14). */
final class AtRest {
  private AtRest() {}

  /** I13. */
  static void recount(Index index, Report report) {
    FinalState end = index.end;
    Map<String, QueueCounts> found = FinalState.recount(end.jobs());
    Set<String> queues = new TreeSet<>(found.keySet());
    queues.addAll(end.counts().keySet());
    QueueCounts none = new QueueCounts(Map.of());
    for (String queue : queues) {
      QueueCounts said = end.counts().getOrDefault(queue, none);
      QueueCounts right = found.getOrDefault(queue, none);
      for (JobState state : JobState.values()) {
        report.fact();
        if (said.of(state) != right.of(state)) {
          report.found(
              Kind.INDEX_DRIFT,
              null,
              queue + " says " + said.of(state) + " " + state + ", there are " + right.of(state));
        }
      }
    }
    end.indexFaults().forEach(fault -> report.found(Kind.INDEX_DRIFT, null, fault));
  }

  /** I14. */
  static void nothingStuck(Index index, Report report) {
    Duration patience = index.promise.lease().multipliedBy(3);
    if (index.calm().compareTo(patience) < 0) {
      return;
    }
    Instant before = index.end.at().minus(patience);
    for (StoredJob job : index.end.jobs()) {
      if (index.promise.unhandledTypes().contains(job.type())
          || index.end.pausedQueues().contains(job.queue())) {
        continue;
      }
      report.fact();
      if (isStuck(job, before, index)) {
        report.found(
            Kind.STUCK, job.id(), "is " + job.state() + ", due since " + job.status().dueAt());
      }
    }
  }

  private static boolean isStuck(StoredJob job, Instant before, Index index) {
    return switch (job.state()) {
      case COMPLETED, DEAD, CANCELLED -> false;
      case READY, SCHEDULED -> !job.status().dueAt().isAfter(before);
      case RUNNING -> {
        Instant until = job.status().leaseExpiresAt();
        yield until == null || !until.isAfter(before);
      }
      case BLOCKED ->
          job.job().dependencies().on().stream().allMatch(id -> isSettled(id, job, before, index));
    };
  }

  /** Whether a dependency has ended long enough ago for its dependent to have moved. */
  private static boolean isSettled(JobId id, StoredJob dependent, Instant before, Index index) {
    StoredJob on = index.knows(id) ? index.job(id).stored : null;
    if (on == null) {
      return true;
    }
    Instant finished = on.status().finishedAt();
    boolean held =
        on.state() != JobState.COMPLETED
            && dependent.job().dependencies().onFailure() == OnFailure.HOLD;
    return on.state().isFinished() && !held && finished != null && !finished.isAfter(before);
  }
}
