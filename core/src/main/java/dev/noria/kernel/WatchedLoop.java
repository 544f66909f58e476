package dev.noria.kernel;

import dev.noria.LoopDriver;
import dev.noria.LoopDriver.Loop;
import dev.noria.plugin.Vitals;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loop that the watchdog looks at. It stands still when a turn makes no step, or when no turn
 * begins although one is due, because its thread is dead. Thread-safe.
 */
final class WatchedLoop implements Loop {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedLoop.class);

  /** So many threads may hang for one loop: each may hold a connection of the storage. */
  private static final int MOST_HANGING = 2;

  /** How long a driver may pause after a failure, about. */
  private static final long AFTER_FAILURE_MILLIS = 30_000;

  private final LoopDriver driver;
  private final KernelClock clock;
  private final String name;
  private final long mostNanos;
  private final Duty duty;
  private final List<Tenure> hanging = new CopyOnWriteArrayList<>();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicInteger failing = new AtomicInteger();
  private final AtomicLong restarts = new AtomicLong();
  private volatile Tenure current = new Tenure();
  private volatile boolean woken;
  private volatile boolean stopped;
  private volatile Standing standing = Standing.NEW;

  /** What a loop does in a turn; goes {@link Tenure#out} for calls that may take for ever. */
  @FunctionalInterface
  interface Duty {
    long turn(Tenure tenure) throws Exception;
  }

  /**
   * What the watchdog saw last.
   *
   * @param tenure whose
   * @param word where it was
   * @param seenNanos since when it has been there
   * @param wokenNanos since when it should have begun a turn because it was woken; null: was not
   * @param stillNanos for how long it has stood still when it was looked at; 0: it has not
   * @param stalledNanos since when it has stood still for too long, or had until a while ago
   * @param calmNanos until when that is told
   */
  private record Standing(
      @Nullable Tenure tenure,
      long word,
      long seenNanos,
      @Nullable Long wokenNanos,
      long stillNanos,
      @Nullable Long stalledNanos,
      long calmNanos) {
    static final Standing NEW = new Standing(null, 0, 0, null, 0, null, 0);

    Standing stalled(@Nullable Long since, long until) {
      return new Standing(tenure, word, seenNanos, wokenNanos, stillNanos, since, until);
    }
  }

  /** The stack of a thread that stands still. */
  private static final class Standstill extends Exception {
    private static final long serialVersionUID = 1;

    Standstill(Thread thread) {
      super("Here stands the thread " + thread.getName() + ".", null, false, true);
      setStackTrace(thread.getStackTrace());
    }
  }

  WatchedLoop(LoopDriver driver, KernelClock clock, String name, Duration most, Duty duty) {
    this.driver = driver;
    this.clock = clock;
    this.name = name;
    this.mostNanos = most.toNanos();
    this.duty = duty;
  }

  void start() {
    Tenure tenure = current;
    tenure.turnedBy(driver.drive(name, () -> turn(tenure)));
  }

  private long turn(Tenure tenure) throws Exception {
    if (!tenure.begin()) {
      return leave(tenure);
    }
    woken = false;
    try {
      long millis = duty.turn(tenure);
      if (failing.get() > 0) {
        failing.set(0);
      }
      tenure.end(millis);
      return millis;
    } catch (Tenure.Replaced e) {
      return leave(tenure);
    } catch (Throwable e) {
      failures.incrementAndGet();
      failing.incrementAndGet();
      tenure.end(AFTER_FAILURE_MILLIS);
      throw e;
    }
  }

  private long leave(Tenure tenure) {
    tenure.leave();
    LOG.warn("A thread of the loop '{}' that was replaced came back; it ends.", name);
    Loop own = tenure.loop();
    if (own != null) {
      own.stop();
    }
    return Long.MAX_VALUE;
  }

  @Override
  public void wake() {
    if (!woken) {
      woken = true;
    }
    Loop loop = current.loop();
    if (loop != null) {
      loop.wake();
    }
  }

  /** Threads that hang are not waited for, but for the last one. */
  @Override
  public void stop() {
    Loop loop;
    synchronized (this) {
      stopped = true;
      loop = current.loop();
    }
    if (loop != null) {
      loop.stop();
    }
  }

  boolean isStopped() {
    return stopped;
  }

  String name() {
    return name;
  }

  long mostNanos() {
    return mostNanos;
  }

  /** Whether it does nothing any more, and nobody can help it but a new process. */
  boolean isBeyondHelp() {
    return !isMoving() && hangingThreads() >= MOST_HANGING;
  }

  /** Since when it has stood still, or had until a while ago; null: it is well. */
  @Nullable Long stalledNanos(long nanos) {
    Standing seen = standing;
    boolean over = nanos - seen.calmNanos > 0 && isMoving(seen);
    return over ? null : seen.stalledNanos;
  }

  /** Whether it goes on by now, after having stood still. */
  boolean isMoving() {
    return isMoving(standing);
  }

  private boolean isMoving(Standing seen) {
    return seen.stillNanos < mostNanos || current != seen.tenure || current.word() != seen.word;
  }

  /** How many of its last turns threw, one after the other. */
  int failing() {
    return failing.get();
  }

  Vitals.Loop vitals(long nanos) {
    Standing seen = standing;
    long still = seen.tenure == current && seen.word == current.word() ? seen.stillNanos : 0;
    return new Vitals.Loop(
        name, Duration.ofNanos(still), stalledNanos(nanos) != null, failures.get(), restarts.get());
  }

  private int hangingThreads() {
    hanging.removeIf(Tenure::hasLeft);
    return hanging.size();
  }

  /** Looks, for the watchdog; {@code anew}: the process itself stood still, nobody is to blame. */
  synchronized void look(long nanos, boolean anew) {
    Standing now = seen(nanos, anew);
    standing = now;
    if (stopped || now.stillNanos < mostNanos) {
      if (now.stalledNanos != null && nanos - now.calmNanos > 0 && current.hasTurned()) {
        standing = now.stalled(null, 0);
      }
      return;
    }
    Long told = now.stalledNanos;
    standing = now.stalled(told == null ? nanos - now.stillNanos : told, nanos + mostNanos);
    help(now, told == null);
  }

  private Standing seen(long nanos, boolean anew) {
    Standing before = standing;
    Tenure tenure = current;
    long word = tenure.word();
    boolean waits = woken && Tenure.isIdle(word);
    if (anew || before.tenure != tenure || before.word != word) {
      Long wokenNanos = waits ? (Long) nanos : null;
      return new Standing(
          tenure, word, nanos, wokenNanos, 0, before.stalledNanos, before.calmNanos);
    }
    Long wokenNanos = before.wokenNanos == null && waits ? (Long) nanos : before.wokenNanos;
    long still = nanos - before.seenNanos;
    if (Tenure.isIdle(word)) {
      long due = Duration.ofMillis(Math.min(tenure.pauseMillis(), 86_400_000L)).toNanos();
      long late = wokenNanos == null ? 0 : nanos - wokenNanos;
      still = Math.max(Math.max(0, still - due), late);
    }
    return new Standing(
        tenure, word, before.seenNanos, wokenNanos, still, before.stalledNanos, before.calmNanos);
  }

  private void help(Standing seen, boolean first) {
    Tenure old = current;
    boolean hangs = Tenure.isOut(seen.word);
    boolean may = hangs ? hangingThreads() < MOST_HANGING : Tenure.isIdle(seen.word);
    boolean replaced = may && old.replace(seen.word);
    if (first || replaced) {
      say(seen, old, replaced);
    }
    if (!replaced) {
      return;
    }
    if (hangs) {
      hanging.add(old);
    }
    restarts.incrementAndGet();
    current = new Tenure();
    try {
      start();
    } catch (Throwable e) {
      LOG.error("The loop '{}' got no new thread; the watchdog tries again.", name, e);
    }
  }

  private void say(Standing seen, Tenure old, boolean replaced) {
    Duration still = Duration.ofNanos(seen.stillNanos);
    Thread thread = old.thread();
    LOG.warn(
        "The loop '{}' has stood still for {} s, since {}. {}",
        name,
        still.toSeconds(),
        clock.now().minus(still),
        replaced
            ? "Another thread goes on in its place; the old one ends when it comes back."
            : "It cannot be replaced where it stands; look at the stack for who holds it.",
        thread == null ? null : new Standstill(thread));
  }
}
