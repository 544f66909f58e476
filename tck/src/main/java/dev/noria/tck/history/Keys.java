package dev.noria.tck.history;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.KeyPolicy;
import dev.noria.tck.history.Entry.EnqueueAnswered;
import dev.noria.tck.history.Entry.EnqueueSent;
import dev.noria.tck.history.Verdict.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** At most one holder of a key (I9); an id counts as a key of its own. */
final class Keys {
  private Keys() {}

  /** A key of a queue. */
  private record Name(String queue, String key) {}

  /** I9. */
  static void oneHolder(Index index, Report report) {
    Map<Name, List<Sending>> holders = new HashMap<>();
    for (JobView job : index.jobs()) {
      checkId(job, index, report);
      for (Sending sending : job.sendings.values()) {
        String key = sending.what.key();
        if (key != null && sending.isEnqueued()) {
          holders
              .computeIfAbsent(new Name(sending.what.queue(), key), name -> new ArrayList<>())
              .add(sending);
        }
        checkFreed(sending, index, report);
      }
    }
    holders.values().forEach(same -> checkHolders(same, index, report));
  }

  /** An id may be enqueued again only when the job of that id had vanished. */
  private static void checkId(JobView job, Index index, Report report) {
    List<Sending> stored = job.sendings.values().stream().filter(Sending::isEnqueued).toList();
    for (int i = 1; i < stored.size(); i++) {
      report.fact();
      int at = stored.get(i).answeredAt;
      if (!PossibleEnd.mayBeGone(job, index, at, index.clockAt(at))) {
        report.foundUnlessUndone(
            Kind.DUP_ENQUEUE,
            job.id,
            stored.get(i - 1).answeredAt,
            "was enqueued by two calls, and was there when the second came");
      }
    }
  }

  private static void checkHolders(List<Sending> same, Index index, Report report) {
    same.sort(Comparator.comparingInt(sending -> sending.answeredAt));
    List<Sending> earlier = new ArrayList<>();
    for (Sending newcomer : same) {
      earlier.removeIf(holder -> freedAt(holder, newcomer, index) <= newcomer.call.sentAt);
      for (Sending holder : earlier) {
        report.fact();
        if (heldAgainst(holder, newcomer, index)) {
          report.foundUnlessUndone(
              Kind.DUP_ENQUEUE,
              newcomer.what.job(),
              holder.answeredAt,
              "got key '" + newcomer.what.key() + "' while " + holder.what.job() + " held it");
        }
      }
      earlier.add(newcomer);
    }
  }

  /** Whether both had the key at once, whichever of two concurrent calls came first. */
  private static boolean heldAgainst(Sending holder, Sending newcomer, Index index) {
    boolean first = holder.answeredAt < newcomer.call.sentAt;
    return freedAt(holder, newcomer, index) > newcomer.answeredAt
        && (first || freedAt(newcomer, holder, index) > holder.answeredAt);
  }

  /** The place from which the holder may have given the key back, seen by a newcomer. */
  private static int freedAt(Sending holder, Sending newcomer, Index index) {
    JobView job = index.job(holder.what.job());
    KeyPolicy.Until until = holder.what.until();
    if (job.lives() > 1 || until == null) {
      return 0;
    }
    return switch (until) {
      case WINDOW -> windowEnd(holder.what, newcomer, index);
      case PURGED ->
          PossibleEnd.mayBeGone(job, index, newcomer.answeredAt, index.clockAt(newcomer.answeredAt))
              ? newcomer.call.sentAt
              : Index.NEVER;
      case FINISHED -> ended(job, index);
      case STARTED -> Math.min(ended(job, index), started(job, holder, index));
    };
  }

  private static int windowEnd(EnqueueSent holder, Sending newcomer, Index index) {
    Duration window = holder.window() == null ? Duration.ZERO : holder.window();
    Instant end = holder.now().plus(window);
    return end.isAfter(index.clockAt(newcomer.answeredAt)) ? Index.NEVER : newcomer.call.sentAt;
  }

  private static int ended(JobView job, Index index) {
    int swept =
        index.world.sweeps.stream().mapToInt(Index.World.Sweep::at).min().orElse(Index.NEVER);
    return PossibleEnd.of(job, index).stream().mapToInt(PossibleEnd::at).reduce(swept, Math::min);
  }

  private static int started(JobView job, Sending holder, Index index) {
    int taken = job.taken().stream().mapToInt(Run::sentAt).min().orElse(Index.NEVER);
    int unseen = index.unknownExchange(holder.what.queue(), holder.call.sentAt);
    return Math.min(taken, unseen);
  }

  /** A key that answers for a finished job whose policy gives it back at the end. */
  private static void checkFreed(Sending newcomer, Index index, Report report) {
    EnqueueAnswered answer = newcomer.answer;
    if (answer == null
        || answer.status() != EnqueueReceipt.Status.DUPLICATE
        || answer.existing().equals(newcomer.what.job())
        || !index.knows(answer.existing())) {
      return;
    }
    report.fact();
    JobView holder = index.job(answer.existing());
    KeyPolicy.Until until = holder.origin().map(sending -> sending.what.until()).orElse(null);
    boolean giveBack = until == KeyPolicy.Until.FINISHED || until == KeyPolicy.Until.STARTED;
    if (!giveBack || holder.replays() > 0 || holder.lives() > 1) {
      return;
    }
    ends(holder)
        .filter(end -> end.answeredAt < newcomer.call.sentAt)
        .findFirst()
        .ifPresent(
            end ->
                report.foundUnlessUndone(
                    Kind.INDEX_DRIFT,
                    holder.id,
                    end.answeredAt,
                    "is finished, but its key still answers DUPLICATE"));
  }

  private static Stream<Run.Acked> ends(JobView job) {
    return job.runs.values().stream().flatMap(run -> run.appliedTerminal().stream());
  }
}
