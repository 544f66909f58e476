package dev.noria.verification;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads and processes do. */
final class Wait {
  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(2).toNanos();

  private Wait() {}

  /** Looks again and again; fails with {@code what} when it does not come true in time. */
  static void until(Duration limit, String what, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("Not within " + limit + ": " + what);
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  /** Waits for the latch for a minute; fails with {@code what}. */
  static void on(CountDownLatch latch, String what) throws InterruptedException {
    on(Duration.ofMinutes(1), latch, what);
  }

  /** Waits for the latch; fails with {@code what} when it does not open in time. */
  static void on(Duration limit, CountDownLatch latch, String what) throws InterruptedException {
    if (!latch.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("Not within " + limit + ": " + what);
    }
  }

  /** Lets a fault last: time is what the fault is made of. */
  static void last(Duration duration) throws InterruptedException {
    if (new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("Nobody opens this latch.");
    }
  }
}
