package dev.noria.kernel;

import dev.noria.plugin.TimeSource;
import dev.noria.storage.ServerClock;
import dev.noria.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instant that storages get as {@code now}: the last sample of the clock of record plus the
 * monotonic time since, in milliseconds. It decreases only where a wall clock was set back, one
 * lease later.
 *
 * <p>The clock of record is the storage server's where it has one, else the wall clock. A server's
 * sample is taken as of the end of its round trip, so that it is never ahead of the server. As long
 * as a server has not answered at all, the wall clock stands in; no worker asks for jobs by it.
 * After a jump of the wall clock nothing is reclaimed for one lease.
 */
public final class KernelClock {
  private static final Logger LOG = LoggerFactory.getLogger(KernelClock.class);
  private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long JUMP_MILLIS = 1_000;
  private static final long SLOW_NANOS = Duration.ofMillis(50).toNanos();

  /** Two clocks run apart by less than one in so many. */
  private static final long MOST_DRIFT = 1_000;

  private final TimeSource time;
  private final @Nullable ServerClock server;
  private final long leaseNanos;
  private volatile Base base;
  private volatile long quietUntilNanos = Long.MIN_VALUE;
  private volatile boolean quiet;

  /** Whether the clock of record has been read at all. */
  private volatile boolean known = true;

  /** Whether the wall clock was behind at the last look; for the thread that takes samples. */
  private boolean behind;

  /**
   * A sample: {@code millis} was the time when the monotonic clock stood at {@code nanos}. Samples
   * share the latest instant that was told, until time is set back.
   */
  private record Base(long millis, long nanos, AtomicLong latest) {
    Base(long millis, long nanos) {
      this(millis, nanos, new AtomicLong(Long.MIN_VALUE));
    }

    Base next(long nextMillis, long nextNanos) {
      return new Base(nextMillis, nextNanos, latest);
    }
  }

  KernelClock(TimeSource time, @Nullable ServerClock server, Duration lease) {
    this.time = time;
    this.server = server;
    this.leaseNanos = lease.toNanos();
    this.base = first();
  }

  private Base first() {
    if (server == null) {
      return new Base(time.now().toEpochMilli(), time.nanos());
    }
    try {
      long millis = server.serverTime().toEpochMilli();
      return new Base(millis, time.nanos());
    } catch (StorageException e) {
      LOG.debug("The storage server does not tell its time yet", e);
      // The wall clock goes on for it, as if it were an old sample: nothing is reclaimed by it.
      known = false;
      return new Base(
          time.now().minusNanos(FRESH_NANOS).toEpochMilli(), time.nanos() - FRESH_NANOS);
    }
  }

  /** The present. */
  public Instant now() {
    Base from = base;
    long millis = from.millis + (time.nanos() - from.nanos) / 1_000_000;
    long seen = from.latest.get();
    if (millis > seen) {
      from.latest.compareAndSet(seen, millis);
      return Instant.ofEpochMilli(millis);
    }
    return Instant.ofEpochMilli(seen);
  }

  /** The monotonic clock. */
  public long nanos() {
    return time.nanos();
  }

  /**
   * A storage call brought the server's time along; it was sent at {@code sentNanos}. What came
   * slowly is from long ago, and would set this clock back: leases would be born half expired.
   */
  void sampled(@Nullable Instant serverTime, long sentNanos) {
    if (serverTime == null) {
      return;
    }
    long nanos = time.nanos();
    long millis = serverTime.toEpochMilli();
    if (!known) {
      // What the wall clock told does not hold the server's back.
      base = new Base(millis, nanos);
      known = true;
      return;
    }
    Base from = base;
    if (nanos - sentNanos > SLOW_NANOS) {
      long since = (nanos - from.nanos) / 1_000_000;
      millis = Math.max(millis, from.millis + since - since / MOST_DRIFT);
    }
    base = from.next(millis, nanos);
  }

  /** Whether the clock of record has been read: not yet, where its server was down so far. */
  boolean isKnown() {
    return known;
  }

  /** How far the clock of record is ahead of this host's wall clock, as far as is known. */
  Duration offset() {
    if (server == null || !known) {
      return Duration.ZERO;
    }
    Base from = base;
    long millis = from.millis + (time.nanos() - from.nanos) / 1_000_000;
    return Duration.ofMillis(millis - time.now().toEpochMilli());
  }

  /** For how long nothing is reclaimed yet, because the wall clock jumped; zero: it may be. */
  Duration quietFor() {
    long left = quietUntilNanos - time.nanos();
    return quiet && left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }

  /** Takes a new sample when the last one is old, and notices jumps of the wall clock. */
  void resample() {
    if (server != null) {
      if (time.nanos() - base.nanos > FRESH_NANOS / 2) {
        long sentNanos = time.nanos();
        sampled(server.serverTime(), sentNanos);
      }
      return;
    }
    long nanos = time.nanos();
    long expected = base.millis + (nanos - base.nanos) / 1_000_000;
    long wall = time.now().toEpochMilli();
    if (expected - wall > JUMP_MILLIS) {
      steppedBack(wall, nanos);
      return;
    }
    behind = false;
    if (wall - expected > JUMP_MILLIS) {
      keepQuiet(nanos);
    }
    base = base.next(wall, nanos);
  }

  /**
   * For one lease a step back is not followed: what was due stays due, and leases only last longer.
   * Then it is, or this process would be ahead of all others, and never reclaim, for ever.
   */
  private void steppedBack(long wall, long nanos) {
    if (!behind) {
      behind = true;
      keepQuiet(nanos);
    } else if (nanos - quietUntilNanos >= 0) {
      behind = false;
      base = new Base(wall, nanos);
    }
  }

  private void keepQuiet(long nanos) {
    quietUntilNanos = nanos + leaseNanos;
    quiet = true;
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
