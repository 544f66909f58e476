package dev.noria.tck.history;

import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.tck.history.Entry.Change;
import dev.noria.tck.history.Entry.EnqueueSent;
import dev.noria.tck.history.Verdict.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Not before its time, not while its queue is paused (I8, I11). */
final class Timing {
  private Timing() {}

  /** I8. */
  static void neverEarly(Index index, Report report) {
    for (JobView job : index.jobs()) {
      Optional<Sending> origin = job.origin();
      Run before = null;
      for (Run run : job.taken()) {
        report.fact();
        Instant now = index.clockAt(run.answeredAt());
        Instant due = due(job, before, run);
        if (due != null && due.isAfter(now)) {
          report.found(
              Kind.EARLY, job.id, Leases.name(run) + " at " + now + ", but it was due at " + due);
        }
        origin.ifPresent(sending -> checkDependencies(job, sending, run, index, report));
        before = run;
      }
    }
  }

  /** The latest instant that certainly had to be waited for. */
  private static @Nullable Instant due(JobView job, @Nullable Run before, Run run) {
    boolean moved = job.mayHave(Change.RESCHEDULE) || job.mayHave(Change.REPLAY) || job.replaced;
    Instant said = run.taken().runAt();
    if (moved || job.lives() > 1) {
      return said;
    }
    Instant asked = job.origin().map(sending -> sending.what.runAt()).orElse(null);
    Instant due = asked != null && asked.isAfter(said) ? asked : said;
    if (before != null && before.lease.epoch() + 1 == run.lease.epoch()) {
      Instant at =
          before
              .applied()
              .filter(ack -> ack.sentAt < run.answeredAt())
              .map(ack -> ack.what.at())
              .orElse(null);
      due = at != null && at.isAfter(due) ? at : due;
    }
    return due;
  }

  private static void checkDependencies(
      JobView job, Sending sending, Run run, Index index, Report report) {
    if (job.replays() > 0) {
      // A replay waits for nobody.
      return;
    }
    for (JobId id : sending.what.dependsOn()) {
      if (index.knows(id)
          && wasThere(index.job(id), sending)
          && !mayHaveEnded(index.job(id), sending.what, run, index)) {
        report.foundUnlessUndone(
            Kind.EARLY,
            job.id,
            run.answeredAt(),
            Leases.name(run) + " came before " + id + " had ended, which it depends on");
      }
    }
  }

  /** Whether the dependency certainly existed when its dependent came; else it may be as done. */
  private static boolean wasThere(JobView on, Sending dependent) {
    return on.sendings.values().stream()
        .filter(Sending::isEnqueued)
        .anyMatch(
            sending ->
                sending.call == dependent.call || sending.answeredAt < dependent.call.sentAt);
  }

  private static boolean mayHaveEnded(JobView on, EnqueueSent plan, Run run, Index index) {
    boolean otherJobMeant =
        on.sendings.values().stream()
            .anyMatch(
                sending ->
                    sending.answer != null
                        && sending.answer.status() != EnqueueReceipt.Status.ENQUEUED);
    boolean anyEnd = plan.onFailure() == Dependencies.OnFailure.IGNORE;
    return otherJobMeant
        || PossibleEnd.mayBeGone(on, index, run.answeredAt(), index.clockAt(run.answeredAt()))
        || PossibleEnd.of(on, index).stream()
            .anyMatch(
                end ->
                    end.at() < run.answeredAt() && (anyEnd || end.state() == JobState.COMPLETED));
  }

  /** I11. */
  static void notWhilePaused(Index index, Report report) {
    if (index.world.pauses.isEmpty()) {
      return;
    }
    for (Call call : index.calls()) {
      if (call.exchange != null
          && call.exchange.queues().stream().anyMatch(queue -> within(call, queue, index))) {
        report.fact();
      }
    }
    for (JobView job : index.jobs()) {
      for (Run run : job.taken()) {
        String queue = run.taken().queue();
        if (within(run.calls.get(0), queue, index)) {
          report.found(
              Kind.WHILE_PAUSED, job.id, Leases.name(run) + " came out of paused queue " + queue);
        }
      }
    }
  }

  /** Whether the whole call lies between a pause that returned and the resume. */
  private static boolean within(Call call, String queue, Index index) {
    List<Index.World.Pause> pauses = index.world.pauses.getOrDefault(queue, List.of());
    return pauses.stream()
        .anyMatch(pause -> call.sentAt > pause.from && call.answeredAt < pause.until);
  }
}
