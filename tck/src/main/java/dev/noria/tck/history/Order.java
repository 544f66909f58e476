package dev.noria.tck.history;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.tck.history.Entry.EnqueueSent;
import dev.noria.tck.history.Verdict.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The order inside a line (I12). Only jobs that were READY from the enqueue on and that nobody
 * touched before are waited for: of the others the order key is not known from outside.
 */
final class Order {
  private Order() {}

  /** A line. */
  private record Line(String queue, @Nullable String group, @Nullable String limitKey) {}

  /** A job that waits, from the place where that is certain to where somebody may have come. */
  private record Waiting(EnqueueSent what, Sending sending, int takenAt) {}

  /** Best first; what is enqueued by concurrent calls in the order of their answers. */
  private static final Comparator<Waiting> BEST_FIRST =
      Comparator.comparingInt((Waiting one) -> -one.what.priority())
          .thenComparing(one -> !one.what.lifo())
          .thenComparingLong(one -> one.what.now().toEpochMilli() * (one.what.lifo() ? -1 : 1))
          .thenComparingInt(one -> one.sending.answeredAt * (one.what.lifo() ? -1 : 1))
          .thenComparing(one -> one.what.job());

  /** I12. */
  static void notInverted(Index index, Report report) {
    if (!index.promise.strictOrder()) {
      return;
    }
    Map<Line, List<Waiting>> waiting = new HashMap<>();
    Map<Line, List<Run>> taken = new HashMap<>();
    for (JobView job : index.jobs()) {
      Sending origin = job.origin().orElse(null);
      if (origin == null) {
        continue;
      }
      EnqueueSent what = origin.what;
      Line line = new Line(what.queue(), what.group(), what.limitKey());
      if (isPlain(job, origin)) {
        waiting
            .computeIfAbsent(line, any -> new ArrayList<>())
            .add(new Waiting(what, origin, touchedAt(job, origin, index)));
      }
      if (!job.mayHave(Entry.Change.REPRIORITISE) && job.lives() == 1) {
        taken.computeIfAbsent(line, any -> new ArrayList<>()).addAll(job.taken());
      }
    }
    taken.forEach(
        (line, runs) -> sweep(waiting.getOrDefault(line, List.of()), runs, index, report));
  }

  private static boolean isPlain(JobView job, Sending origin) {
    EnqueueSent what = origin.what;
    Instant runAt = what.runAt();
    return origin.answer != null
        && origin.answer.status() == EnqueueReceipt.Status.ENQUEUED
        && (runAt == null || !runAt.isAfter(what.now()))
        && what.dependsOn().isEmpty()
        && !job.replaced
        && job.lives() == 1;
  }

  /** The first place where anything may have changed about the waiting job. */
  private static int touchedAt(JobView job, Sending origin, Index index) {
    int at = index.unknownExchange(origin.what.queue(), origin.call.sentAt);
    for (Run run : job.taken()) {
      at = Math.min(at, run.sentAt());
    }
    for (JobView.Changed change : job.changes) {
      at = Math.min(at, change.sentAt);
    }
    for (PossibleEnd end : PossibleEnd.of(job, index)) {
      at = Math.min(at, end.at());
    }
    for (Index.World.Sweep sweep : index.world.sweeps) {
      at = Math.min(at, sweep.at());
    }
    // A job that a fault took away waits no longer.
    return Math.min(at, index.undoneAt(origin.answeredAt));
  }

  /** Goes through the hand-outs of a line, with those that waited at each of them. */
  private static void sweep(List<Waiting> all, List<Run> runs, Index index, Report report) {
    List<Waiting> arrivals = new ArrayList<>(all);
    arrivals.sort(Comparator.comparingInt(one -> one.sending.answeredAt));
    List<Run> inOrder = new ArrayList<>(runs);
    inOrder.sort(Comparator.comparingInt(Run::sentAt).thenComparingInt(run -> run.takenAt));
    Map<JobId, Waiting> waiting = new HashMap<>();
    all.forEach(one -> waiting.put(one.what.job(), one));
    NavigableSet<Waiting> here = new TreeSet<>(BEST_FIRST);
    Run before = null;
    int next = 0;
    for (Run run : inOrder) {
      while (next < arrivals.size() && arrivals.get(next).sending.answeredAt < run.sentAt()) {
        here.add(arrivals.get(next++));
      }
      report.fact();
      checkRun(run, here, index, report);
      if (before != null) {
        checkReply(before, run, waiting, index, report);
      }
      before = run;
    }
  }

  private static void checkRun(Run run, NavigableSet<Waiting> here, Index index, Report report) {
    List<Waiting> gone = new ArrayList<>();
    for (Waiting better : here) {
      if (better.takenAt < run.sentAt()) {
        gone.add(better);
      } else if (mayNotPrecede(better, run, index)) {
        break;
      } else if (better.takenAt > run.answeredAt() && isBefore(better, run, index)) {
        report.found(
            Kind.INVERTED,
            run.lease.job(),
            Leases.name(run) + " was given while " + better.what.job() + " waited before it");
        break;
      }
    }
    gone.forEach(here::remove);
  }

  /** Inside one reply: the jobs of a line stand in their order. */
  private static void checkReply(
      Run before, Run run, Map<JobId, Waiting> waiting, Index index, Report report) {
    Waiting own = waiting.get(run.lease.job());
    if (before.calls.get(0) == run.calls.get(0)
        && own != null
        && own.takenAt == run.sentAt()
        && own.sending.answeredAt < run.sentAt()
        && isBefore(own, before, index)) {
      report.found(
          Kind.INVERTED,
          before.lease.job(),
          Leases.name(before) + " stands before " + own.what.job() + " in one reply");
    }
  }

  /** Whether neither this one nor any worse one can stand before the job that was handed out. */
  private static boolean mayNotPrecede(Waiting candidate, Run run, Index index) {
    int byPriority = candidate.what.priority() - run.taken().priority();
    if (byPriority != 0 || candidate.what.job().equals(run.lease.job())) {
      return byPriority <= 0;
    }
    return !candidate.what.lifo() && !comparesByAge(run, index);
  }

  /** Whether the place of a job among those of its priority is known from its enqueue. */
  private static boolean comparesByAge(Run run, Index index) {
    JobView job = index.job(run.lease.job());
    return job.taken().get(0) == run
        && run.taken().attempt() == 1
        && job.origin().filter(origin -> isPlain(job, origin)).isPresent();
  }

  /** Whether {@code better} certainly stood before the job that was handed out. */
  private static boolean isBefore(Waiting better, Run run, Index index) {
    Sending other = index.job(run.lease.job()).origin().orElse(null);
    if (better.what.priority() != run.taken().priority() || other == null) {
      return other != null && better.what.priority() > run.taken().priority();
    }
    if (better.what.lifo() != other.what.lifo()) {
      return better.what.lifo();
    }
    if (!comparesByAge(run, index)) {
      return false;
    }
    return better.what.lifo() ? precedes(other, better.sending) : precedes(better.sending, other);
  }

  private static boolean precedes(Sending one, Sending two) {
    boolean sameCall = one.call == two.call && one.sentAt < two.sentAt;
    boolean callBefore = one.call != two.call && one.answeredAt < two.call.sentAt;
    return (sameCall || callBefore) && !one.lastNow.isAfter(two.what.now());
  }
}
