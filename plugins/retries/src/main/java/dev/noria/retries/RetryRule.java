package dev.noria.retries;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What to do about one class of errors. Never grants more attempts or time than the policy of the
 * job's type does. Immutable.
 *
 * @param kind what to do
 * @param delay for {@link Kind#RETRY_IN} after how long; zero otherwise
 */
public record RetryRule(Kind kind, Duration delay) {
  private static final RetryRule RETRY = new RetryRule(Kind.RETRY, Duration.ZERO);
  private static final RetryRule DEAD = new RetryRule(Kind.DEAD, Duration.ZERO);

  /** What can be done. */
  public enum Kind {
    /** Try again as the policy says: makes an exception to the rule of a superclass. */
    RETRY,
    /** Try again after the rule's own delay, without jitter. */
    RETRY_IN,
    /** Do not try again. */
    DEAD
  }

  /** Checks the delay. */
  public RetryRule {
    requireNonNull(kind, "kind");
    if (kind == Kind.RETRY_IN) {
      RetryPolicy.checkDelay("delay", delay);
    } else if (!delay.isZero()) {
      throw new IllegalArgumentException(
          "The rule " + kind + " has the delay " + delay + ". Expected none; only RETRY_IN has.");
    }
  }

  /** Try again as the policy says. */
  public static RetryRule retry() {
    return RETRY;
  }

  /** Try again after {@code delay}, at most a year, without jitter. */
  public static RetryRule retryIn(Duration delay) {
    return new RetryRule(Kind.RETRY_IN, delay);
  }

  /** The job is dead at once. */
  public static RetryRule dead() {
    return DEAD;
  }
}
