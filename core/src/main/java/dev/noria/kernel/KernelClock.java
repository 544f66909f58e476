package dev.noria.kernel;

import dev.noria.plugin.TimeSource;
import dev.noria.storage.ServerClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The instant that storages get as {@code now}: the last sample of the clock of record plus the
 * monotonic time since, in milliseconds, never decreasing.
 *
 * <p>The clock of record is the storage server's where it has one, else the wall clock. A server's
 * sample is taken as of the end of its round trip, so that it is never ahead of the server. After a
 * jump of the wall clock nothing is reclaimed for one lease.
 */
public final class KernelClock {
  private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long JUMP_MILLIS = 1_000;

  private final TimeSource time;
  private final @Nullable ServerClock server;
  private final long leaseNanos;
  private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);
  private volatile Base base;
  private volatile long quietUntilNanos = Long.MIN_VALUE;
  private volatile boolean quiet;

  /** A sample: {@code millis} was the time when the monotonic clock stood at {@code nanos}. */
  private record Base(long millis, long nanos) {}

  KernelClock(TimeSource time, @Nullable ServerClock server, Duration lease) {
    this.time = time;
    this.server = server;
    this.leaseNanos = lease.toNanos();
    this.base = new Base(sampleMillis(), time.nanos());
  }

  private long sampleMillis() {
    return server == null ? time.now().toEpochMilli() : server.serverTime().toEpochMilli();
  }

  /** The present. */
  public Instant now() {
    Base from = base;
    long millis = from.millis + (time.nanos() - from.nanos) / 1_000_000;
    long seen = latest.get();
    if (millis > seen) {
      latest.compareAndSet(seen, millis);
      return Instant.ofEpochMilli(millis);
    }
    return Instant.ofEpochMilli(seen);
  }

  /** The monotonic clock. */
  public long nanos() {
    return time.nanos();
  }

  /** A storage call brought the server's time along. */
  void sampled(@Nullable Instant serverTime) {
    if (serverTime != null) {
      base = new Base(serverTime.toEpochMilli(), time.nanos());
    }
  }

  /** Takes a new sample when the last one is old, and notices jumps of the wall clock. */
  void resample() {
    if (server != null) {
      if (time.nanos() - base.nanos > FRESH_NANOS / 2) {
        Instant sample = server.serverTime();
        base = new Base(sample.toEpochMilli(), time.nanos());
      }
      return;
    }
    long nanos = time.nanos();
    long expected = base.millis + (nanos - base.nanos) / 1_000_000;
    long wall = time.now().toEpochMilli();
    if (Math.abs(wall - expected) > JUMP_MILLIS) {
      quietUntilNanos = nanos + leaseNanos;
      quiet = true;
    }
    // A step back is not followed: what was due stays due, and leases only last longer.
    if (wall > expected || expected - wall <= JUMP_MILLIS) {
      base = new Base(wall, nanos);
    }
  }

  /** Whether expired leases may be taken back by this clock. */
  boolean mayReclaim() {
    if (quiet && time.nanos() - quietUntilNanos < 0) {
      return false;
    }
    quiet = false;
    return server == null || time.nanos() - base.nanos <= FRESH_NANOS;
  }
}
