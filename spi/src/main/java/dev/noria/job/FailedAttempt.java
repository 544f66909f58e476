package dev.noria.job;

import java.time.Instant;

/**
 * One entry of a job's history: an attempt that failed (S3.5). A storage keeps the first and the
 * last nine. Immutable.
 *
 * @param generation which generation of the job, from 0
 * @param attempt which attempt of that generation, from 1
 * @param error why it failed
 * @param worker who ran it
 * @param startedAt when the lease was taken
 * @param endedAt when the failure was stored
 */
public record FailedAttempt(
    int generation,
    int attempt,
    ErrorInfo error,
    String worker,
    Instant startedAt,
    Instant endedAt) {
  /** How many entries a storage keeps: the first and the last nine. */
  public static final int KEPT = 10;
}
