package dev.noria.tck.history;

import dev.noria.tck.history.Entry.Dequeued;
import dev.noria.tck.history.Entry.EnqueueSent;
import dev.noria.tck.history.Entry.ExchangeSent;
import dev.noria.tck.history.Verdict.Kind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What must be there, what must not, and where (I1, I2, I15). */
final class Existence {
  private Existence() {}

  /** I1. */
  static void nothingLost(Index index, Report report) {
    for (JobView job : index.jobs()) {
      int acknowledgedAt = lastAcknowledged(job, index);
      if (acknowledgedAt == Index.NEVER) {
        continue;
      }
      report.fact();
      if (job.stored == null && !PossibleEnd.mayBeGone(job, index)) {
        report.foundUnlessUndone(
            Kind.LOST, job.id, acknowledgedAt, "acknowledged, not stored, and no end was sent");
      }
    }
  }

  private static int lastAcknowledged(JobView job, Index index) {
    return job.sendings.values().stream()
        .filter(Sending::isAcknowledged)
        .mapToInt(sending -> sending.answeredAt)
        .max()
        .orElse(index.world.ticked.getOrDefault(job.id, Index.NEVER));
  }

  /** I2. */
  static void nothingMadeUp(Index index, Report report) {
    for (JobView job : index.jobs()) {
      if (!job.isSeen()) {
        continue;
      }
      report.fact();
      boolean ticked = index.world.ticked.containsKey(job.id);
      if (ticked || job.acknowledged().isPresent()) {
        checkBytes(job, report);
      } else if (job.sendings.isEmpty()) {
        report.found(Kind.PHANTOM, job.id, "is there, but nobody enqueued it");
      } else if (job.sendings.values().stream().anyMatch(Sending::isUnknown)) {
        report.found(Kind.RECOVERED, job.id, "came out of an enqueue of unknown outcome");
        checkBytes(job, report);
      } else {
        report.found(Kind.PHANTOM, job.id, "is there, but every enqueue of it was refused");
      }
    }
  }

  private static void checkBytes(JobView job, Report report) {
    for (Run run : job.taken()) {
      boolean same =
          job.sendings.values().stream()
              .anyMatch(sending -> sending.what.digest() == run.taken().digest());
      if (!same && !job.replaced && !job.sendings.isEmpty()) {
        report.found(Kind.PHANTOM, job.id, "was handed out with other bytes than were enqueued");
      }
    }
  }

  /** I15. */
  static void notMixed(Index index, Report report) {
    for (JobView job : index.jobs()) {
      EnqueueSent plan = job.origin().map(sending -> sending.what).orElse(null);
      for (Run run : job.taken()) {
        report.fact();
        Dequeued taken = run.taken();
        checkPlace(job, plan, taken.queue(), taken.group(), report);
        ExchangeSent asked = run.calls.get(0).exchange;
        if (asked != null && !asked.queues().contains(taken.queue())) {
          report.found(
              Kind.MIXED, job.id, "of queue " + taken.queue() + " went to " + asked.queues());
        }
      }
      if (job.stored != null) {
        checkPlace(job, plan, job.stored.queue(), job.stored.job().group(), report);
      }
    }
  }

  private static void checkPlace(
      JobView job,
      @Nullable EnqueueSent plan,
      String queue,
      @Nullable String group,
      Report report) {
    if (plan != null && !(plan.queue().equals(queue) && Objects.equals(plan.group(), group))) {
      report.found(
          Kind.MIXED,
          job.id,
          "of " + plan.queue() + "/" + plan.group() + " is in " + queue + "/" + group);
    }
  }
}
