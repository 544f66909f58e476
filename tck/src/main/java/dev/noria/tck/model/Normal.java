package dev.noria.tck.model;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.Reasons;
import dev.noria.job.StoredJob;
import dev.noria.storage.Exchange;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replies and jobs without what the contract leaves open. */
final class Normal {
  private Normal() {}

  /** Reasons and the states of existing jobs are free, or show in the jobs themselves. */
  static Object receipt(EnqueueReceipt receipt) {
    return receipt.status() + " " + number(receipt.id());
  }

  /** Acks, then jobs: those of the plain queue in order, those with groups as a set. */
  static Object exchange(Exchange exchange, String plain) {
    List<Object> form = new ArrayList<>(exchange.receipts());
    List<LeasedJob> grouped = new ArrayList<>();
    for (LeasedJob job : exchange.jobs()) {
      if (job.queue().equals(plain)) {
        form.add(leased(job));
      } else {
        grouped.add(job);
      }
    }
    grouped.sort(Comparator.comparing(LeasedJob::id));
    grouped.forEach(job -> form.add(leased(job)));
    return form;
  }

  /** The same without an order. */
  static Object sorted(Object form) {
    return form instanceof List<?> list
        ? list.stream().map(Object::toString).sorted().toList()
        : form;
  }

  private static String leased(LeasedJob job) {
    return "leased %d (epoch %d, attempt %d, crashes %d, generation %d, priority %d, %s)"
        .formatted(
            number(job.id()),
            job.lease().epoch(),
            job.attempt(),
            job.crashes(),
            job.generation(),
            job.priority(),
            job.payload().toUtf8());
  }

  private static int number(JobId id) {
    return (int) id.low();
  }

  /** What is stored of a job, as both sides must have it. */
  static String job(@Nullable StoredJob job, Instant now) {
    if (job == null || isOver(job, now)) {
      return "gone";
    }
    if (isLate(job, now)) {
      return "expired";
    }
    JobStatus status = job.status();
    // Whether the run of a cancelled job counted is nobody's business any more.
    boolean cancelled = status.state() == JobState.CANCELLED;
    return "%s attempt %d crashes %d epoch %d generation %d priority %d %s failures %d %s %s"
        .formatted(
            status.state(),
            cancelled ? 0 : status.attempt(),
            cancelled ? 0 : status.crashes(),
            status.epoch(),
            status.generation(),
            job.job().priority(),
            job.job().payload().toUtf8(),
            job.history().size(),
            job.result() == null ? "no result" : job.result().toUtf8(),
            detail(status));
  }

  private static String detail(JobStatus status) {
    return switch (status.state()) {
      case SCHEDULED -> "due " + status.dueAt();
      case RUNNING ->
          "until " + status.leaseExpiresAt() + (status.cancelRequested() ? " to be cancelled" : "");
      case COMPLETED, DEAD, CANCELLED -> String.valueOf(status.reason());
      case BLOCKED, READY -> "";
    };
  }

  /** Whether its retention is over, so that it may be there or not until it is dropped. */
  static boolean isOver(StoredJob job, Instant now) {
    Instant end = job.status().finishedAt();
    return end != null
        && job.state().isFinished()
        && !end.plus(job.job().retention().of(job.state())).isAfter(now);
  }

  /** Whether its deadline has passed, so that it waits or is DEAD until somebody looks. */
  static boolean isLate(StoredJob job, Instant now) {
    Instant deadline = job.job().deadline();
    boolean ended = job.state() == JobState.DEAD && Reasons.EXPIRED.equals(job.status().reason());
    return deadline != null && now.isAfter(deadline) && (job.state().isWaiting() || ended);
  }
}
