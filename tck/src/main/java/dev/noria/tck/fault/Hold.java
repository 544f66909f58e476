package dev.noria.tck.fault;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One call that waits until it is released. Thread-safe. */
public final class Hold implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(2);

  final boolean afterwards;
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  Hold(boolean afterwards) {
    this.afterwards = afterwards;
  }

  /** Waits until the call is there; fails when it does not come. */
  public void awaitArrival(Duration timeout) throws InterruptedException {
    if (!arrived.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("The call that was to be held did not come within " + timeout + ".");
    }
  }

  /** Lets the call go on, or through when it has not come yet. */
  public void release() {
    released.countDown();
  }

  /** Releases. */
  @Override
  public void close() {
    release();
  }

  /** Keeps an interrupt for the caller: the storage itself is not what is interrupted. */
  void pass() {
    arrived.countDown();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          if (!released.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("A held call was not released within " + LONGEST + ".");
          }
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
