package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long a finished job is kept (S1.8). Zero: it vanishes with its ack. Immutable.
 *
 * @param completed for COMPLETED jobs; default zero without a result, 1 h with one or when awaited
 * @param failed for DEAD and CANCELLED jobs; default 30 days
 */
public record Retention(Duration completed, Duration failed) {
  private static final Duration FAILED = Duration.ofDays(30);
  private static final Duration LONGEST = Duration.ofDays(36_525);

  /** Nothing of a completed job is kept; failed ones 30 days. */
  public static final Retention NO_RESULT = new Retention(Duration.ZERO, FAILED);

  /** A completed job and its result are kept for an hour; failed ones 30 days. */
  public static final Retention WITH_RESULT = new Retention(Duration.ofHours(1), FAILED);

  /** Zero to 100 years each. */
  public Retention {
    check("completed", completed);
    check("failed", failed);
  }

  private static void check(String what, Duration value) {
    requireNonNull(value, what);
    if (value.isNegative() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "Retention " + what + "=" + value + " is out of range. Expected zero to 100 years.");
    }
  }

  /** The retention of a job that ended in {@code state}. */
  public Duration of(JobState state) {
    return state == JobState.COMPLETED ? completed : failed;
  }
}
