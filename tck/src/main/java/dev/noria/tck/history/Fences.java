package dev.noria.tck.history;

import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.tck.history.Verdict.Kind;
import java.util.List;

/** That lost leases do nothing, and held ones hold (I6, I16). */
final class Fences {
  private Fences() {}

  /** I6. */
  static void staleChangesNothing(Index index, Report report) {
    for (JobView job : index.jobs()) {
      if (job.lives() > 1) {
        continue;
      }
      for (Run run : job.taken()) {
        checkAcks(job, run, index, report);
        for (Run.Extended extended : run.extended) {
          report.fact();
          checkExtended(job, run, extended, index, report);
        }
      }
    }
  }

  private static void checkAcks(JobView job, Run run, Index index, Report report) {
    long applied = run.acks.values().stream().filter(Run.Acked::isApplied).count();
    if (applied > 1) {
      report.foundUnlessUndone(
          Kind.FENCING,
          job.id,
          run.answeredAt(),
          applied + " acks of " + Leases.name(run) + " were applied");
    }
    for (Run.Acked ack : run.acks.values()) {
      if (ack.status == null) {
        continue;
      }
      report.fact();
      if (ack.isApplied()) {
        checkStillHeld(job, run, ack.sentAt, "an ack", report);
      } else {
        checkNoEffect(job, ack, report);
        checkRefusal(job, run, ack.answeredAt, "an ack", index, report);
      }
    }
  }

  private static void checkExtended(
      JobView job, Run run, Run.Extended extended, Index index, Report report) {
    if (extended.status() == ExtendReceipt.Status.LOST) {
      checkRefusal(job, run, extended.answeredAt(), "an extension", index, report);
    } else {
      checkStillHeld(job, run, extended.sentAt(), "an extension", report);
    }
  }

  /** What is sent after the lease was certainly lost must not be let through. */
  private static void checkStillHeld(JobView job, Run run, int sentAt, String what, Report report) {
    int lostAt = youngerThan(run, job).stream().mapToInt(Run::answeredAt).min().orElse(Index.NEVER);
    for (JobView.Told<Entry> told : job.reports) {
      if (told.what() instanceof Entry.Reclaimed && told.notBefore() > run.answeredAt()) {
        lostAt = Math.min(lostAt, told.at());
      }
    }
    if (sentAt > lostAt && !isGivenAgain(run, lostAt, sentAt)) {
      report.foundUnlessUndone(
          Kind.FENCING,
          job.id,
          lostAt,
          what + " of " + Leases.name(run) + " was let through after the lease was lost");
    }
  }

  /** A storage that forgot may give a lease a second time; whether it might is I4's business. */
  private static boolean isGivenAgain(Run run, int from, int until) {
    return run.calls.stream().anyMatch(call -> call.answeredAt > from && call.answeredAt < until);
  }

  private static List<Run> youngerThan(Run run, JobView job) {
    return job.taken().subList(job.taken().indexOf(run) + 1, job.taken().size());
  }

  /** What is refused must come from a lease that may have been lost. */
  private static void checkRefusal(
      JobView job, Run run, int answeredAt, String what, Index index, Report report) {
    boolean mayBeLost =
        !run.confirmedUntil().isAfter(index.clockAt(answeredAt))
            || run.acks.values().stream().anyMatch(Run.Acked::mayBeApplied)
            || !youngerThan(run, job).isEmpty()
            || job.reports.stream().anyMatch(told -> told.at() > run.answeredAt())
            || job.ended.stream().anyMatch(told -> told.at() > run.answeredAt())
            || index.world.killed(run.process, Index.NEVER);
    if (!mayBeLost) {
      report.foundUnlessUndone(
          Kind.FENCING,
          job.id,
          run.answeredAt(),
          what + " of " + Leases.name(run) + " was refused while the lease was valid");
    }
  }

  /** A state that only this ack can have caused, although it was answered STALE. */
  private static void checkNoEffect(JobView job, Run.Acked stale, Report report) {
    StoredJob stored = job.stored;
    Ack.Kind kind = stale.what.kind();
    boolean looksLikeIt =
        stored != null
            && (kind == Ack.Kind.COMPLETED
                ? stored.state() == JobState.COMPLETED
                : kind == Ack.Kind.DEAD
                    && stored.state() == JobState.DEAD
                    && Reasons.FAILED.equals(stored.status().reason()));
    boolean other =
        job.runs.values().stream()
            .flatMap(run -> run.acks.values().stream())
            .anyMatch(ack -> ack.what.kind() == kind && ack.mayBeApplied());
    if (looksLikeIt && !other && stale.status == AckReceipt.Status.STALE) {
      report.found(Kind.FENCING, job.id, "a STALE ack took effect: the job is " + kind);
    }
  }

  /** I16. */
  static void truePoison(Index index, Report report) {
    boolean startsAreSaid =
        index.jobs().stream().flatMap(job -> job.runs.values().stream()).anyMatch(Run::isStarted);
    for (JobView job : index.jobs()) {
      boolean poisoned =
          job.ended.stream().anyMatch(told -> told.what().reason().equals(Reasons.POISON))
              || (job.stored != null && Reasons.POISON.equals(job.stored.status().reason()));
      if (!poisoned || !startsAreSaid) {
        continue;
      }
      report.fact();
      long crashes = crashes(job);
      if (crashes < JobStorage.MAX_CRASHES - 1) {
        report.found(
            Kind.FALSE_POISON,
            job.id,
            "is poison after " + crashes + " started runs that ended in a crash");
      }
    }
  }

  /** The most started runs in a row without an ack; a release neither counts nor resets. */
  private static long crashes(JobView job) {
    long most = 0;
    long inARow = 0;
    for (Run run : job.taken()) {
      boolean released =
          run.applied().filter(ack -> ack.what.kind() == Ack.Kind.RELEASED).isPresent();
      if (run.applied().isEmpty()) {
        inARow += run.isStarted() ? 1 : 0;
      } else if (!released) {
        inARow = 0;
      }
      most = Math.max(most, inARow);
    }
    return most;
  }
}
