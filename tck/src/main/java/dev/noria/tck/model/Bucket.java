package dev.noria.tck.model;

import dev.noria.job.GroupPolicy.StartRate;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/** A token bucket in exact numbers: a token is worth {@code per} times {@code permits} a ms. */
final class Bucket {
  final StartRate rate;
  private final BigInteger token;
  private final BigInteger full;
  private BigInteger level;
  private Instant filledAt;

  Bucket(StartRate rate, Instant now) {
    this.rate = rate;
    this.token = BigInteger.valueOf(rate.per().toMillis());
    this.full = token.multiply(BigInteger.valueOf(rate.burst()));
    this.level = full;
    this.filledAt = now;
  }

  boolean has(Instant now) {
    fill(now);
    return level.compareTo(token) >= 0;
  }

  void take(Instant now) {
    fill(now);
    level = level.subtract(token).max(BigInteger.ZERO);
  }

  /** When there will be a token, if nobody takes one before. */
  Instant next(Instant now) {
    fill(now);
    BigInteger[] wait = token.subtract(level).max(BigInteger.ZERO).divideAndRemainder(permits());
    return now.plusMillis(wait[0].longValueExact() + wait[1].signum());
  }

  private BigInteger permits() {
    return BigInteger.valueOf(rate.permits());
  }

  private void fill(Instant now) {
    if (now.isAfter(filledAt)) {
      BigInteger elapsed = BigInteger.valueOf(Duration.between(filledAt, now).toMillis());
      level = level.add(elapsed.multiply(permits())).min(full);
      filledAt = now;
    }
  }
}
