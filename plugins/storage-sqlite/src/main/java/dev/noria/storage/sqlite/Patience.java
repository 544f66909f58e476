package dev.noria.storage.sqlite;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for another process's transaction with short jittered pauses: SQLite's own busy handler
 * sleeps longer and longer, and so starves whoever has waited longest. Not interruptible.
 */
final class Patience {
  private static final long SHORTEST = 20_000;
  private static final long LONGEST = 500_000;

  /** Who has waited so long meets no batch but somebody's long transaction. */
  private static final long LATE = 250_000_000;

  private static final long LONGEST_LATE = 5_000_000;

  private final long limitNanos;
  private final long started = System.nanoTime();
  private long span = SHORTEST;

  Patience(Duration limit) {
    limitNanos = limit.toNanos();
  }

  /** Pauses; false when the time is over. */
  boolean pause() {
    long elapsed = System.nanoTime() - started;
    long left = limitNanos - elapsed;
    if (left <= 0) {
      return false;
    }
    long pause = Math.min(left, ThreadLocalRandom.current().nextLong(span / 2, span + 1));
    span = Math.min(elapsed > LATE ? LONGEST_LATE : LONGEST, span * 2);
    waitNanos(pause);
    return true;
  }

  private static void waitNanos(long nanos) {
    long until = System.nanoTime() + nanos;
    boolean interrupted = false;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
