package dev.noria.kernel;

import dev.noria.plugin.JobEvent;
import dev.noria.wiring.PluginListener;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that wait for one listener: bounded, and on a thread of their own, so that a listener
 * which blocks, or leaves something behind on its thread, hurts no other. Thread-safe.
 */
final class Mailbox {
  private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
  private static final int CAPACITY = 16_384;

  private final PluginListener listener;
  private final Set<Class<? extends JobEvent>> kinds;
  private final ArrayBlockingQueue<JobEvent> events = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicBoolean threw = new AtomicBoolean();
  private final ReentrantLock delivering = new ReentrantLock();
  private volatile Runnable wake = () -> {};

  Mailbox(PluginListener listener) {
    this.listener = listener;
    this.kinds = kinds(listener);
  }

  private static Set<Class<? extends JobEvent>> kinds(PluginListener listener) {
    try {
      return Set.copyOf(listener.listener().kinds());
    } catch (RuntimeException e) {
      LOG.warn(
          "A listener of plugin '{}' does not say what it wants to hear; it hears all.",
          listener.plugin(),
          e);
      return Set.of();
    }
  }

  /** Whether the listener wants to hear of these. */
  boolean wants(Class<? extends JobEvent> kind) {
    return kinds.isEmpty() || kinds.contains(kind);
  }

  String plugin() {
    return listener.plugin();
  }

  void onEvent(Runnable action) {
    wake = action;
  }

  void put(JobEvent event) {
    // Always: a look at the buffer before the offer may be out of date by then.
    if (events.offer(event)) {
      wake.run();
    } else if (dropped.getAndIncrement() == 0) {
      LOG.warn(
          "The listener of plugin '{}' does not keep up: {} events wait for it. What comes now is"
              + " dropped and counted; this is said once.",
          plugin(),
          CAPACITY);
    }
  }

  long dropped() {
    return dropped.get();
  }

  /** What waits will never be heard; answers how much that is. */
  int giveUp() {
    int lost = events.size();
    events.clear();
    dropped.addAndGet(lost);
    return lost;
  }

  /** Whether all that was told has been heard. */
  boolean isQuiet() {
    return events.isEmpty() && !delivering.isLocked();
  }

  boolean isHeardByThisThread() {
    return delivering.isHeldByCurrentThread();
  }

  /** Hands out what waits, after the thread that is at it; ends when interrupted before. */
  void deliver() {
    try {
      delivering.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      for (JobEvent event = events.poll(); event != null; event = events.poll()) {
        tell(event);
      }
    } finally {
      delivering.unlock();
    }
  }

  private void tell(JobEvent event) {
    boolean interrupted = Thread.currentThread().isInterrupted();
    try {
      listener.listener().on(event);
    } catch (Throwable e) {
      failed(e);
    }
    if (!interrupted) {
      // It may have set the flag; whoever waits next on this thread would not wait.
      boolean ignored = Thread.interrupted();
    }
  }

  /** Loudly once: there may be thousands of events a second. */
  private void failed(Throwable error) {
    try {
      if (threw.getAndSet(true)) {
        LOG.debug("A listener of plugin '{}' threw again; the event is skipped.", plugin(), error);
      } else {
        LOG.warn(
            "A listener of plugin '{}' threw; it misses the event. This is said once.",
            plugin(),
            error);
      }
    } catch (Throwable e) {
      // Not even an error that cannot be printed stops the next event.
      LOG.warn("A listener of plugin '{}' threw {}.", plugin(), error.getClass().getName());
    }
  }
}
