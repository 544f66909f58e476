package dev.noria.testing;

import dev.noria.plugin.TimeSource;
import java.time.Instant;

/** A clock that stands still until it is moved. Thread-safe. */
final class VirtualTime implements TimeSource {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private volatile long millis = START.toEpochMilli();

  @Override
  public Instant now() {
    return Instant.ofEpochMilli(millis);
  }

  @Override
  public long nanos() {
    return (millis - START.toEpochMilli()) * 1_000_000;
  }

  /** Moves on; never back. */
  void moveTo(Instant instant) {
    millis = Math.max(millis, instant.toEpochMilli());
  }
}
