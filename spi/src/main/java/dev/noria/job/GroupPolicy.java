package dev.noria.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one group of a queue may have (S2.5). Immutable.
 *
 * @param weight share in the round-robin against other groups that have work; 1 to 1 000, default 1
 * @param maxRunning most leased jobs at once, whoever leased them; 0: unlimited, the default
 * @param startRate how fast its jobs may start; null: unlimited, the default
 */
public record GroupPolicy(int weight, int maxRunning, @Nullable StartRate startRate) {
  /** Weight 1, no limits. */
  public static final GroupPolicy UNLIMITED = new GroupPolicy(1, 0, null);

  /** Checks the ranges. */
  public GroupPolicy {
    if (weight < 1 || weight > 1_000) {
      throw new IllegalArgumentException(
          "Weight " + weight + " is out of range. Expected 1 to 1000.");
    }
    if (maxRunning < 0) {
      throw new IllegalArgumentException(
          "maxRunning " + maxRunning + " is negative. Expected at least 1, or 0 for unlimited.");
    }
  }

  /** The same with another weight. */
  public GroupPolicy withWeight(int value) {
    return new GroupPolicy(value, maxRunning, startRate);
  }

  /** The same with another limit of running jobs; 0: unlimited. */
  public GroupPolicy withMaxRunning(int value) {
    return new GroupPolicy(weight, value, startRate);
  }

  /** The same with a start rate. */
  public GroupPolicy withStartRate(StartRate value) {
    return new GroupPolicy(weight, maxRunning, value);
  }

  /**
   * A token bucket: a start takes a token, a release does not give it back. The bucket starts full.
   *
   * @param permits tokens that flow in per {@code per}; at least 1
   * @param per the span of time; at least 1 ms
   * @param burst most tokens in the bucket; at least 1
   */
  public record StartRate(int permits, Duration per, int burst) {
    /** Checks the ranges. */
    public StartRate {
      if (permits < 1 || burst < 1 || per.toMillis() < 1) {
        throw new IllegalArgumentException(
            "Start rate "
                + permits
                + " per "
                + per
                + ", burst "
                + burst
                + " is out of range."
                + " Expected at least 1 permit, 1 ms and a burst of 1.");
      }
    }
  }
}
