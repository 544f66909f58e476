package dev.noria.storage;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one exchange. Immutable.
 *
 * @param receipts one for each ack, in order
 * @param jobs the jobs now leased to the caller, in the order in which to run them
 * @param nextDue when the earliest scheduled job of the requested queues becomes due, or when a
 *     start rate lets the next job of theirs start; now, when the call passed over so many jobs
 *     that it did not look behind them; null when there is none (S2.7)
 * @param ended jobs that the call itself ended (S2.6)
 * @param pausedQueues which of the requested queues are paused
 * @param serverTime the storage server's clock, sampled in the call; null where it has none
 */
public record Exchange(
    List<AckReceipt> receipts,
    List<LeasedJob> jobs,
    @Nullable Instant nextDue,
    List<EndedJob> ended,
    Set<String> pausedQueues,
    @Nullable Instant serverTime) {

  /** Copies the collections. */
  public Exchange {
    receipts = List.copyOf(receipts);
    jobs = List.copyOf(jobs);
    ended = List.copyOf(ended);
    pausedQueues = Set.copyOf(pausedQueues);
  }
}
