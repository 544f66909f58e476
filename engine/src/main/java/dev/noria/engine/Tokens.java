package dev.noria.engine;

import dev.noria.job.GroupPolicy.StartRate;

/**
 * A token bucket that counts in whole units, so that it is exact: a token is as many units as a
 * period has milliseconds, and each millisecond brings as many units as a period brings tokens.
 */
final class Tokens {
  private static final long MOST = Long.MAX_VALUE / 4;

  private final long perMillisecond;
  private final long perToken;
  private final long capacity;
  private long level;
  private long filledAt;

  Tokens(StartRate rate, long now) {
    perMillisecond = rate.permits();
    perToken = Math.min(rate.per().toMillis(), MOST / rate.burst());
    capacity = perToken * rate.burst();
    level = capacity;
    filledAt = now;
  }

  /** Starts full, or with what the bucket before it held. */
  Tokens(StartRate rate, Tokens before, long now) {
    this(rate, now);
    before.fill(now);
    level = Math.min(capacity, before.level / before.perToken * perToken);
    filledAt = Math.max(filledAt, before.filledAt);
  }

  private void fill(long now) {
    long elapsed = now - filledAt;
    if (elapsed < -Ring.SKEW) {
      // The clock was set back; without this nothing would start until it is there again.
      filledAt = now;
    }
    if (elapsed <= 0) {
      return;
    }
    filledAt += elapsed;
    long missing = capacity - level;
    level = elapsed >= missing / perMillisecond + 1 ? capacity : level + elapsed * perMillisecond;
    level = Math.min(level, capacity);
  }

  /** A bucket as it was written down. */
  Tokens(StartRate rate, long level, long filledAt) {
    this(rate, filledAt);
    this.level = level;
  }

  void write(Out out) {
    out.number(level);
    out.number(filledAt);
  }

  /** Whether a token is there; changes nothing. */
  boolean wouldBeAvailable(long now) {
    long elapsed = now - filledAt;
    long missing = perToken - level;
    return missing <= 0
        || (elapsed > 0 && elapsed >= (missing + perMillisecond - 1) / perMillisecond);
  }

  boolean isAvailable(long now) {
    fill(now);
    return level >= perToken;
  }

  boolean isFull(long now) {
    fill(now);
    return level == capacity;
  }

  /** Whether it is full then; changes nothing. */
  boolean wouldBeFull(long now) {
    long elapsed = now - filledAt;
    long missing = capacity - level;
    return missing == 0
        || (elapsed > 0 && elapsed >= (missing + perMillisecond - 1) / perMillisecond);
  }

  void take() {
    level -= perToken;
  }

  /** When the next token is there, in milliseconds; ask only when none is. */
  long nextAt() {
    long missing = perToken - level;
    return filledAt + (missing + perMillisecond - 1) / perMillisecond;
  }
}
