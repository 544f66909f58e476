package dev.noria.tck.history;

import dev.noria.tck.history.Entry.ExchangeSent;
import dev.noria.tck.history.Verdict.Kind;
import java.util.List;
import java.util.Optional;

/** Who holds a job when (I4, I5). */
final class Leases {
  private Leases() {}

  /** I4. */
  static void numberedOnce(Index index, Report report) {
    for (JobView job : index.jobs()) {
      for (Run run : job.taken()) {
        report.fact();
        ExchangeSent asked = run.calls.get(0).exchange;
        if (run.calls.size() > 1) {
          // Storages that forget may give a number again, to a worker that lives on even the same.
          report.foundUnlessUndone(
              Kind.REDELIVERY_ILLEGAL,
              job.id,
              run.answeredAt(),
              "two calls got the lease " + name(run));
        }
        if (asked != null && asked.nonce() != run.lease.nonce()) {
          report.found(Kind.FENCING, job.id, "the lease " + name(run) + " has a foreign nonce");
        }
      }
      if (job.lives() == 1) {
        checkEpochs(job, report);
      }
    }
  }

  private static void checkEpochs(JobView job, Report report) {
    List<Run> runs = job.taken();
    for (Run earlier : runs) {
      for (Run later : runs) {
        boolean twice = earlier != later && earlier.lease.epoch() == later.lease.epoch();
        boolean back =
            earlier.answeredAt() < later.sentAt() && earlier.lease.epoch() > later.lease.epoch();
        if (back || (twice && earlier.answeredAt() < later.answeredAt())) {
          report.foundUnlessUndone(
              Kind.REDELIVERY_ILLEGAL,
              job.id,
              earlier.answeredAt(),
              "epoch " + later.lease.epoch() + " was given after " + earlier.lease.epoch());
        }
      }
    }
  }

  /** I5. */
  static void alone(Index index, Report report) {
    for (JobView job : index.jobs()) {
      List<Run> runs = job.taken();
      for (int i = 1; i < runs.size(); i++) {
        report.fact();
        checkPair(job, runs.get(i - 1), runs.get(i), index, report);
      }
      checkReclaims(job, index, report);
    }
  }

  private static void checkPair(JobView job, Run older, Run younger, Index index, Report report) {
    boolean lost = wasLost(older, younger, index);
    if (overlap(older, younger) && !lost) {
      report.foundUnlessUndone(
          Kind.REDELIVERY_ILLEGAL,
          job.id,
          older.answeredAt(),
          "handlers of " + name(older) + " and " + name(younger) + " overlap");
      return;
    }
    boolean afterReplay = older.taken().generation() < younger.taken().generation();
    if (afterReplay || job.lives() > 1) {
      return;
    }
    Optional<Run.Acked> end = older.appliedTerminal();
    if (end.isPresent()) {
      report.foundUnlessUndone(
          Kind.REDELIVERY_ILLEGAL,
          job.id,
          end.get().answeredAt,
          name(younger) + " was given after " + end.get().what.kind() + " of " + name(older));
    } else if (lost || older.acks.values().stream().anyMatch(ack -> givesBack(ack, younger))) {
      report.found(Kind.REDELIVERY_LEGAL, job.id, name(younger) + " came after " + name(older));
    } else {
      report.foundUnlessUndone(
          Kind.REDELIVERY_ILLEGAL,
          job.id,
          older.answeredAt(),
          name(younger) + " was given while " + name(older) + " was valid");
    }
  }

  private static boolean givesBack(Run.Acked ack, Run younger) {
    return ack.mayBeApplied() && !ack.isTerminal() && ack.sentAt < younger.answeredAt();
  }

  /** Whether the older lease had expired, or its process was killed, before the younger. */
  private static boolean wasLost(Run older, Run younger, Index index) {
    return !older.confirmedUntil().isAfter(index.clockAt(younger.answeredAt()))
        || index.world.killed(older.process, younger.answeredAt());
  }

  private static boolean overlap(Run older, Run younger) {
    return older.startedAt != Index.NEVER
        && older.endedAt != Index.NEVER
        && younger.startedAt != Index.NEVER
        && older.endedAt > younger.startedAt
        && (younger.endedAt == Index.NEVER || younger.endedAt > older.startedAt);
  }

  /** A lease that was taken back must have expired. */
  private static void checkReclaims(JobView job, Index index, Report report) {
    for (JobView.Told<Entry> told : job.reports) {
      if (!(told.what() instanceof Entry.Reclaimed reclaimed)) {
        continue;
      }
      report.fact();
      Run last = null;
      for (Run run : job.taken()) {
        last = run.answeredAt() < told.notBefore() ? run : last;
      }
      if (last != null
          && job.lives() == 1
          && last.acks.values().stream().noneMatch(Run.Acked::mayBeApplied)
          && last.confirmedUntil().isAfter(index.clockAt(told.at()))
          && !index.world.killed(last.process, told.at())) {
        report.foundUnlessUndone(
            Kind.REDELIVERY_ILLEGAL,
            job.id,
            last.answeredAt(),
            name(last) + " was taken back at " + reclaimed.now() + " while it was valid");
      }
    }
  }

  static String name(Run run) {
    return "epoch " + run.lease.epoch() + " of " + run.process;
  }
}
