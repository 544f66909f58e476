package dev.noria.tck.history;

import dev.noria.job.JobState;
import dev.noria.storage.Ack;
import dev.noria.tck.history.Entry.AckSent;
import dev.noria.tck.history.Entry.Change;
import dev.noria.tck.history.Entry.EnqueueSent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * An end that a job may have met, as far as the history leaves it open.
 *
 * @param at the place before which it certainly had not happened
 * @param now the present of the call
 * @param state how it ended
 * @param keep how long it is kept afterwards
 */
record PossibleEnd(int at, Instant now, JobState state, Duration keep) {

  /** When it is gone by itself. */
  Instant goneAt() {
    return now.plus(keep);
  }

  /** Every end that {@code job} may have met. */
  static List<PossibleEnd> of(JobView job, Index index) {
    List<PossibleEnd> ends = new ArrayList<>();
    EnqueueSent plan = job.origin().map(sending -> sending.what).orElse(null);
    if (plan == null) {
      return ends;
    }
    addAcks(job, plan, ends);
    for (JobView.Told<Entry.Ended> told : job.ended) {
      Duration keep =
          told.what().state() == JobState.COMPLETED ? plan.keepCompleted() : plan.keepFailed();
      ends.add(new PossibleEnd(told.notBefore(), told.what().now(), told.what().state(), keep));
    }
    for (JobView.Changed change : job.changes) {
      Change kind = change.what.change();
      if (change.mayBeApplied() && (kind == Change.CANCEL || kind == Change.DELETE)) {
        Duration keep = kind == Change.DELETE ? Duration.ZERO : plan.keepFailed();
        ends.add(new PossibleEnd(change.sentAt, change.what.now(), JobState.CANCELLED, keep));
      }
    }
    addUntold(job, plan, index, ends);
    return ends;
  }

  private static void addAcks(JobView job, EnqueueSent plan, List<PossibleEnd> ends) {
    boolean cancelled = job.mayHave(Change.CANCEL);
    for (Run run : job.runs.values()) {
      for (Run.Acked ack : run.acks.values()) {
        if (ack.mayBeApplied() && (ack.isTerminal() || cancelled)) {
          JobState state = state(ack.what.kind());
          ends.add(new PossibleEnd(ack.sentAt, ack.what.now(), state, keep(ack.what, plan)));
        }
      }
    }
  }

  /** The state that an ack leads to; one that gives a cancelled job back cancels it. */
  static JobState state(Ack.Kind kind) {
    return switch (kind) {
      case COMPLETED -> JobState.COMPLETED;
      case DEAD -> JobState.DEAD;
      case CANCELLED, RETRY, RELEASED -> JobState.CANCELLED;
    };
  }

  private static Duration keep(AckSent ack, EnqueueSent plan) {
    if (ack.kind() != Ack.Kind.COMPLETED) {
      return plan.keepFailed();
    }
    Duration own = ack.retention();
    return own == null ? plan.keepCompleted() : own;
  }

  /** What the storage may have done without being able to say so. */
  private static void addUntold(
      JobView job, EnqueueSent plan, Index index, List<PossibleEnd> ends) {
    Duration keep = plan.keepFailed();
    int from = job.origin().map(sending -> sending.call.sentAt).orElse(0);
    Instant deadline = plan.deadline();
    if (deadline != null) {
      int passed = index.whenClockReached(deadline);
      if (passed != Index.NEVER || !deadline.isAfter(index.end.at())) {
        ends.add(new PossibleEnd(passed, deadline, JobState.DEAD, keep));
      }
    }
    if (!plan.dependsOn().isEmpty()) {
      ends.add(new PossibleEnd(from, plan.now(), JobState.CANCELLED, keep));
    }
    boolean mayBeReclaimed =
        job.taken().stream().anyMatch(run -> run.applied().isEmpty())
            || index.unknownExchange(plan.queue(), from) != Index.NEVER;
    if (mayBeReclaimed) {
      int at = index.unknownMaintain(from);
      if (at != Index.NEVER) {
        ends.add(new PossibleEnd(at, index.clockAt(at), JobState.DEAD, keep));
      }
    }
  }

  /** Whether the job may rightly be gone. */
  static boolean mayBeGone(JobView job, Index index) {
    return mayBeGone(job, index, Index.NEVER, index.end.at());
  }

  /** Whether the job may rightly have been gone at a place and an instant. */
  static boolean mayBeGone(JobView job, Index index, int at, Instant now) {
    boolean purged =
        job.reports.stream()
            .anyMatch(told -> told.what() instanceof Entry.Purged && told.notBefore() < at);
    String queue = job.origin().map(sending -> sending.what.queue()).orElse("");
    int from = job.origin().map(sending -> sending.call.sentAt).orElse(0);
    boolean swept =
        index.world.sweeps.stream()
            .anyMatch(
                sweep ->
                    sweep.at() > from
                        && sweep.at() < at
                        && (sweep.queue() == null || sweep.queue().equals(queue)));
    return purged
        || swept
        || of(job, index).stream()
            .anyMatch(end -> (at == Index.NEVER || end.at() < at) && !end.goneAt().isAfter(now));
  }
}
