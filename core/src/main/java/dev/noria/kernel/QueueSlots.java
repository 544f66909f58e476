package dev.noria.kernel;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One queue in this process: the jobs that wait for a slot, and how many run. Thread-safe. */
final class QueueSlots {
  final String name;
  final int concurrency;
  final int weight;
  private final ConcurrentLinkedQueue<HeldJob> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger buffered = new AtomicInteger();
  private final AtomicInteger suspects = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();

  /** The number of the pause of this process that holds the queue; 0: none does. */
  private final AtomicLong hold = new AtomicLong();

  QueueSlots(String name, int concurrency, int weight) {
    this.name = name;
    this.concurrency = concurrency;
    this.weight = weight;
  }

  void add(HeldJob job) {
    buffered.incrementAndGet();
    waiting.add(job);
  }

  /** A suspect waits elsewhere, and takes no place of those that can run at once. */
  void addSuspect() {
    suspects.incrementAndGet();
  }

  /** A job that was added runs or goes back: counted where that is decided, and only there. */
  void left(HeldJob job) {
    (job.isSuspect() ? suspects : buffered).decrementAndGet();
  }

  /** Nothing starts from now on, until {@link #letGo}; {@code pause} is the number of the pause. */
  void hold(long pause) {
    hold.set(pause);
  }

  boolean isHeld() {
    return hold.get() != 0;
  }

  long hold() {
    return hold.get();
  }

  void letGo() {
    hold.set(0);
  }

  /** Ends that pause; does nothing if another one came meanwhile. */
  void letGo(long pause) {
    boolean ignored = hold.compareAndSet(pause, 0);
  }

  int suspects() {
    return suspects.get();
  }

  int buffered() {
    return buffered.get();
  }

  int running() {
    return running.get();
  }

  /** A job to run now, within the queue's concurrency; it counts as running from here on. */
  @Nullable HeldJob take() {
    if (buffered.get() == 0) {
      return null;
    }
    int before = running.get();
    while (before < concurrency) {
      if (!running.compareAndSet(before, before + 1)) {
        before = running.get();
        continue;
      }
      for (HeldJob job = waiting.poll(); job != null; job = waiting.poll()) {
        if (job.start()) {
          return job;
        }
      }
      running.decrementAndGet();
      return null;
    }
    return null;
  }

  boolean mayRun() {
    return buffered.get() > 0 && running.get() < concurrency;
  }

  /** A job of this queue that did not come through {@link #take} starts. */
  void enter() {
    running.incrementAndGet();
  }

  void leave() {
    running.decrementAndGet();
  }

  /** Forgets jobs that went back. */
  void prune() {
    waiting.removeIf(job -> !job.isWaiting());
  }
}
