package dev.noria.tck;

import dev.noria.plugin.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that only moves when it is told to. Thread-safe. */
public final class ManualTime implements TimeSource {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private final AtomicLong millis = new AtomicLong();

  @Override
  public Instant now() {
    return START.plusMillis(millis.get());
  }

  @Override
  public long nanos() {
    return millis.get() * 1_000_000;
  }

  /** Moves on by {@code span}, and answers the new present. */
  public Instant advance(Duration span) {
    millis.addAndGet(span.toMillis());
    return now();
  }
}
