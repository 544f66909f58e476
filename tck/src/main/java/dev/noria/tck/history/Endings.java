package dev.noria.tck.history;

import dev.noria.job.JobState;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.tck.history.Entry.Change;
import dev.noria.tck.history.Entry.Moved;
import dev.noria.tck.history.Verdict.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How jobs end, and that they stay so (I3, I7). */
final class Endings {
  private Endings() {}

  /** An end that certainly happened: until when at the latest, and with which state. */
  private record Ending(int sentAt, int knownAt, JobState state) {}

  private static List<Ending> endings(JobView job) {
    List<Ending> endings = new ArrayList<>();
    for (Run run : job.runs.values()) {
      for (Run.Acked ack : run.acks.values()) {
        if (ack.isApplied() && ack.isTerminal()) {
          JobState state = PossibleEnd.state(ack.what.kind());
          endings.add(new Ending(ack.sentAt, ack.answeredAt, state));
        }
      }
    }
    for (JobView.Told<Entry.Ended> told : job.ended) {
      endings.add(new Ending(told.notBefore(), told.at(), told.what().state()));
    }
    for (JobView.Changed change : job.changes) {
      if (change.what.change() == Change.CANCEL && change.status == ChangeStatus.APPLIED) {
        endings.add(new Ending(change.sentAt, change.sentAt, JobState.CANCELLED));
      }
    }
    endings.sort(Comparator.comparingInt(Ending::knownAt));
    return endings;
  }

  /** I3. */
  static void once(Index index, Report report) {
    for (JobView job : index.jobs()) {
      List<Ending> endings = endings(job);
      if (endings.isEmpty()) {
        continue;
      }
      report.fact();
      long allowed = job.lives() + job.replays();
      if (endings.size() > allowed || twiceInOneGeneration(job)) {
        report.foundUnlessUndone(
            Kind.DOUBLE_TERMINAL,
            job.id,
            endings.get(0).knownAt,
            "ended " + endings.size() + " times, at most " + allowed + " are right");
      }
    }
  }

  private static boolean twiceInOneGeneration(JobView job) {
    Map<Integer, Long> applied = new HashMap<>();
    for (Run run : job.taken()) {
      long ends =
          run.acks.values().stream().filter(ack -> ack.isApplied() && ack.isTerminal()).count();
      applied.merge(run.taken().generation(), ends, Long::sum);
    }
    return applied.values().stream().anyMatch(ends -> ends > job.lives());
  }

  /** I7. */
  static void legalEdges(Index index, Report report) {
    for (JobView job : index.jobs()) {
      checkMoves(job, report);
      if (job.replays() > 0 || job.lives() > 1) {
        continue;
      }
      for (Ending ending : endings(job)) {
        report.fact();
        checkStored(job, ending, report);
      }
      checkRunsAfterReports(job, report);
    }
  }

  private static void checkStored(JobView job, Ending ending, Report report) {
    if (job.stored == null || job.stored.state() == ending.state) {
      return;
    }
    JobState state = job.stored.state();
    Kind kind = state.isFinished() ? Kind.ILLEGAL_EDGE : Kind.RESURRECTED;
    report.foundUnlessUndone(
        kind, job.id, ending.knownAt, "ended " + ending.state + ", but is stored as " + state);
  }

  /** Acks are looked at with the leases (I5); here is what the storage itself ended. */
  private static void checkRunsAfterReports(JobView job, Report report) {
    for (JobView.Told<Entry.Ended> told : job.ended) {
      for (Run run : job.taken()) {
        if (run.sentAt() > told.at()) {
          report.foundUnlessUndone(
              Kind.RESURRECTED,
              job.id,
              told.at(),
              "was handed out as epoch " + run.lease.epoch() + " after " + told.what().reason());
        }
      }
    }
  }

  private static void checkMoves(JobView job, Report report) {
    JobState before = null;
    for (JobView.Told<Moved> told : job.moves) {
      report.fact();
      Moved move = told.what();
      if (move.from() != before || !isLegal(move, job)) {
        report.found(
            Kind.ILLEGAL_EDGE,
            job.id,
            "moved from " + move.from() + " to " + move.to() + " when it was " + before);
      }
      before = move.to();
    }
  }

  private static boolean isLegal(Moved move, JobView job) {
    JobState from = move.from();
    JobState to = move.to();
    if (to == null) {
      return from != null;
    }
    if (from == null) {
      return to.isWaiting();
    }
    return from.successors().contains(to) && (!from.isFinished() || job.replays() > 0);
  }
}
