package dev.noria.engine;

import dev.noria.job.GroupPolicy.StartRate;
import java.time.Instant;

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

  Tokens(StartRate rate, Instant now) {
    perMillisecond = rate.permits();
    perToken = Math.min(rate.per().toMillis(), MOST / rate.burst());
    capacity = perToken * rate.burst();
    level = capacity;
    filledAt = now.toEpochMilli();
  }

  /** Starts full, or with what the bucket before it held. */
  Tokens(StartRate rate, Tokens before, Instant now) {
    this(rate, now);
    before.fill(now);
    level = Math.min(capacity, before.level / before.perToken * perToken);
    filledAt = Math.max(filledAt, before.filledAt);
  }

  private void fill(Instant now) {
    long elapsed = now.toEpochMilli() - filledAt;
    if (elapsed <= 0) {
      return;
    }
    filledAt += elapsed;
    long missing = capacity - level;
    level = elapsed >= missing / perMillisecond + 1 ? capacity : level + elapsed * perMillisecond;
    level = Math.min(level, capacity);
  }

  boolean isAvailable(Instant now) {
    fill(now);
    return level >= perToken;
  }

  boolean isFull(Instant now) {
    fill(now);
    return level == capacity;
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
