package dev.noria.kernel;

import dev.noria.LoopDriver.Loop;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread's time at a loop. Between its turns, and while it is {@link #out} in somebody else's
 * code, another thread may take over; then this one finds that it is gone, and touches nothing any
 * more. Who takes over and who comes back is settled by one compare-and-set, so that the state of a
 * loop never has two threads.
 */
final class Tenure {
  private static final int IDLE = 0;
  private static final int INSIDE = 1;
  private static final int OUT = 2;
  private static final int GONE = 3;

  /** Where it is in the two lowest bits, and above them how many steps it has taken. */
  private final AtomicLong word = new AtomicLong();

  private volatile long pauseMillis;
  private volatile boolean turned;
  private volatile boolean left;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Loop loop;

  /** Another thread does the work of this one: unwinds to the loop, which ends. */
  static final class Replaced extends RuntimeException {
    private static final long serialVersionUID = 1;

    Replaced() {
      super("Another thread has taken over this loop.", null, false, false);
    }
  }

  /** A turn begins; false when it is gone. */
  boolean begin() {
    if (!step(IDLE, INSIDE)) {
      return false;
    }
    if (thread == null) {
      thread = Thread.currentThread();
    }
    return true;
  }

  /** The turn is over; the next one is due after so many milliseconds. */
  void end(long millis) {
    pauseMillis = millis;
    if (!turned) {
      turned = true;
    }
    boolean ignored = step(INSIDE, IDLE);
  }

  /**
   * Makes a call that may take for ever. While it lasts another thread may take over: then the
   * answer is dropped, as if the outcome were unknown.
   *
   * @throws Replaced if that happened; let it pass
   */
  <T> T out(Supplier<T> call) {
    if (!step(INSIDE, OUT)) {
      throw new IllegalStateException("A loop called out from where it was not inside.");
    }
    T answer;
    try {
      answer = call.get();
    } catch (Throwable e) {
      back();
      throw e;
    }
    back();
    return answer;
  }

  private void back() {
    if (!step(OUT, INSIDE)) {
      throw new Replaced();
    }
  }

  /** Ends it from outside, if it has not moved since {@code seen}; false when it must not end. */
  boolean replace(long seen) {
    return (isIdle(seen) || isOut(seen)) && word.compareAndSet(seen, seen - place(seen) + GONE);
  }

  private boolean step(int from, int to) {
    long now = word.get();
    return place(now) == from && word.compareAndSet(now, now + 4 - from + to);
  }

  /** Whether another thread has taken over. */
  boolean isGone() {
    return place(word.get()) == GONE;
  }

  /** Changes with every step. */
  long word() {
    return word.get();
  }

  private static int place(long word) {
    return (int) (word & 3);
  }

  static boolean isIdle(long word) {
    return place(word) == IDLE;
  }

  static boolean isOut(long word) {
    return place(word) == OUT;
  }

  /** Whether it has ended a turn. */
  boolean hasTurned() {
    return turned;
  }

  long pauseMillis() {
    return pauseMillis;
  }

  @Nullable Thread thread() {
    return thread;
  }

  void turnedBy(Loop turning) {
    loop = turning;
  }

  @Nullable Loop loop() {
    return loop;
  }

  /** Its thread has found that it is gone, and is on its way out. */
  void leave() {
    left = true;
  }

  boolean hasLeft() {
    return left;
  }
}
