package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a stored job stands. Immutable.
 *
 * @param state the recorded state; a due job may still be recorded as SCHEDULED
 * @param enqueuedAt when it was stored
 * @param dueAt when it becomes, or became, due; for READY jobs the instant that orders them
 * @param finishedAt when it reached its final state; null while it has not
 * @param attempt how many attempts have counted in this generation, the running one included
 * @param crashes how many of its runs ended with the death of the process, in a row
 * @param epoch the number of its last lease; 0 before the first
 * @param generation how often it was replayed
 * @param reason why it is DEAD, CANCELLED, or was released last; null for none. See {@link Reasons}
 * @param cancelRequested whether a cancel waits for the running attempt
 * @param owner the worker that holds its lease; null when nobody does
 * @param leaseExpiresAt until when the lease holds; null when nobody holds one
 */
public record JobStatus(
    JobState state,
    Instant enqueuedAt,
    Instant dueAt,
    @Nullable Instant finishedAt,
    int attempt,
    int crashes,
    long epoch,
    int generation,
    @Nullable String reason,
    boolean cancelRequested,
    @Nullable String owner,
    @Nullable Instant leaseExpiresAt) {

  /** Needs what is always known. */
  public JobStatus {
    requireNonNull(state, "state");
    requireNonNull(enqueuedAt, "enqueuedAt");
    requireNonNull(dueAt, "dueAt");
  }
}
