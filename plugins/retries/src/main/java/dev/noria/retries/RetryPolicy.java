package dev.noria.retries;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How often a job is tried, and how long to wait before each further attempt. A bound of the job
 * itself ({@code JobOption.attempts}) is stronger than the policy's. Immutable.
 */
public final class RetryPolicy {
  static final int ATTEMPTS = 5;
  static final Duration BASE = Duration.ofSeconds(1);
  static final double FACTOR = 2;
  static final Duration CAP = Duration.ofMinutes(5);
  static final double JITTER = 0.25;
  static final Duration LONGEST = Duration.ofDays(365);
  static final double MOST_FACTOR = 100;
  private static final Duration ALWAYS = Duration.ofDays(36_525);
  private static final RetryPolicy NONE =
      new RetryPolicy(1, (attempt, error) -> Optional.empty(), LONGEST, 0, null);

  private final int maxAttempts;
  private final BiFunction<Integer, ? super Throwable, Optional<Duration>> delays;
  private final Duration cap;
  private final double jitter;
  private final @Nullable Duration maxElapsed;

  private RetryPolicy(
      int maxAttempts,
      BiFunction<Integer, ? super Throwable, Optional<Duration>> delays,
      Duration cap,
      double jitter,
      @Nullable Duration maxElapsed) {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException(
          "Attempts " + maxAttempts + " is out of range. Expected at least 1, the first one.");
    }
    this.maxAttempts = maxAttempts;
    this.delays = requireNonNull(delays, "delays");
    this.cap = checkDelay("cap", cap);
    this.jitter = jitter;
    this.maxElapsed = maxElapsed;
  }

  /** After 1 s, 2 s, 4 s … up to 5 min, each ±25 %. */
  public static RetryPolicy exponential(int attempts) {
    return exponential(attempts, BASE, FACTOR);
  }

  /**
   * After {@code base}, then each time {@code factor} times as long, ±25 %, up to 5 min or {@code
   * base} if that is longer.
   *
   * @param attempts how many attempts in all, the first one included
   * @param base the first delay, at most a year
   * @param factor 1 to 100
   */
  public static RetryPolicy exponential(int attempts, Duration base, double factor) {
    double millis = checkDelay("base", base).toMillis();
    if (!(factor >= 1 && factor <= MOST_FACTOR)) {
      throw new IllegalArgumentException(
          "Factor " + factor + " is out of range. Expected 1 to " + MOST_FACTOR + ".");
    }
    Duration cap = base.compareTo(CAP) > 0 ? base : CAP;
    return of(attempts, (attempt, error) -> bounded(millis * Math.pow(factor, attempt - 1.0)))
        .withCap(cap)
        .withJitter(JITTER);
  }

  /** After {@code step}, twice the step, three times the step …, each ±25 %. */
  public static RetryPolicy linear(int attempts, Duration step) {
    double millis = checkDelay("step", step).toMillis();
    return of(attempts, (attempt, error) -> bounded(millis * attempt)).withJitter(JITTER);
  }

  /** Always after {@code delay}, ±25 %. */
  public static RetryPolicy fixed(int attempts, Duration delay) {
    Optional<Duration> always = Optional.of(checkDelay("delay", delay));
    return of(attempts, (attempt, error) -> always).withJitter(JITTER);
  }

  /** One attempt, and no other. */
  public static RetryPolicy none() {
    return NONE;
  }

  /**
   * By a function of the number of the attempt that failed, from 1, and its error. It answers how
   * long to wait, or empty when the job shall not be tried again. No jitter is added unless asked
   * for. It must be thread-safe and must not throw; a job for which it throws is dead.
   */
  public static RetryPolicy of(
      int attempts, BiFunction<Integer, ? super Throwable, Optional<Duration>> delays) {
    return new RetryPolicy(attempts, delays, LONGEST, 0, null);
  }

  /** The same with another longest delay, at most a year; jitter is added on top of it. */
  public RetryPolicy withCap(Duration longest) {
    return new RetryPolicy(maxAttempts, delays, longest, jitter, maxElapsed);
  }

  /**
   * The same with another jitter: the share, 0 to 1, by which a delay is made longer or shorter by
   * chance, so that jobs which failed together do not come back together.
   */
  public RetryPolicy withJitter(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "Jitter " + share + " is out of range. Expected 0 to 1, such as 0.25 for ±25 %.");
    }
    return new RetryPolicy(maxAttempts, delays, cap, share, maxElapsed);
  }

  /**
   * The same with a bound of time: no attempt starts later than this after the instant for which
   * the job was enqueued, replayed or rescheduled.
   */
  public RetryPolicy withMaxElapsed(Duration longest) {
    if (!isElapsed(longest)) {
      throw new IllegalArgumentException(
          "The longest time " + longest + " is out of range. Expected above zero, to 100 years.");
    }
    return new RetryPolicy(maxAttempts, delays, cap, jitter, longest);
  }

  /** How many attempts in all, the first one included. */
  public int maxAttempts() {
    return maxAttempts;
  }

  /** The delay after attempt number {@code attempt} failed with {@code error}, if any. */
  Optional<Duration> delay(int attempt, Throwable error, RandomGenerator random) {
    return delays.apply(attempt, error).map(delay -> jittered(bounded(delay), random));
  }

  /** Whether an attempt at {@code at} of a job that was due at {@code runAt} comes too late. */
  boolean isTooLate(Instant at, Instant runAt) {
    return maxElapsed != null && at.isAfter(runAt.plus(maxElapsed));
  }

  private Duration bounded(Duration delay) {
    if (delay.isNegative()) {
      return Duration.ZERO;
    }
    return delay.compareTo(cap) > 0 ? cap : delay;
  }

  private Duration jittered(Duration delay, RandomGenerator random) {
    if (jitter == 0) {
      return delay;
    }
    double share = 1 + jitter * (2 * random.nextDouble() - 1);
    return Duration.ofMillis(Math.round(delay.toMillis() * share));
  }

  /** From milliseconds that may be anything, infinite too. */
  private static Optional<Duration> bounded(double millis) {
    return Optional.of(Duration.ofMillis((long) Math.min(millis, (double) LONGEST.toMillis())));
  }

  static boolean isElapsed(Duration longest) {
    return !longest.isNegative() && !longest.isZero() && longest.compareTo(ALWAYS) <= 0;
  }

  static Duration checkDelay(String what, Duration delay) {
    if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "The " + what + " " + delay + " is out of range. Expected zero to 365 days.");
    }
    return delay;
  }

  @Override
  public String toString() {
    return "RetryPolicy[maxAttempts="
        + maxAttempts
        + ", cap="
        + cap
        + ", jitter="
        + jitter
        + ", maxElapsed="
        + maxElapsed
        + "]";
  }
}
