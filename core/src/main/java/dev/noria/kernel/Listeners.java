package dev.noria.kernel;

import dev.noria.LoopDriver;
import dev.noria.LoopDriver.Loop;
import dev.noria.plugin.JobEvent;
import dev.noria.wiring.PluginListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells observers, off the hot path: events wait in a bounded buffer, one loop hands them out, and
 * what does not fit is dropped and counted.
 */
final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final int BUFFER = 16_384;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<PluginListener> listeners;
  private final ArrayBlockingQueue<JobEvent> buffer = new ArrayBlockingQueue<>(BUFFER);
  private final LongAdder dropped = new LongAdder();
  private final AtomicLong told = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private long delivered;
  private boolean stuck;
  private @Nullable Loop loop;
  private volatile Runnable wake = () -> {};

  Listeners(List<PluginListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  boolean isEmpty() {
    return listeners.isEmpty();
  }

  /** From now on {@code driver} hands out what is told. */
  void start(LoopDriver driver) {
    if (!listeners.isEmpty()) {
      Loop started = driver.drive("events", this::deliver);
      loop = started;
      wake = started::wake;
    }
  }

  void tell(JobEvent event) {
    if (listeners.isEmpty()) {
      return;
    }
    // Always: a look at the buffer before the offer may be out of date by then.
    if (buffer.offer(event)) {
      told.incrementAndGet();
      wake.run();
    } else {
      dropped.increment();
    }
  }

  long dropped() {
    return dropped.sum();
  }

  /** Hands out what waits. */
  long deliver() {
    for (JobEvent event = buffer.poll(); event != null; event = buffer.poll()) {
      for (PluginListener listener : listeners) {
        tell(listener, event);
      }
      lock.lock();
      try {
        delivered++;
        progress.signalAll();
      } finally {
        lock.unlock();
      }
    }
    return Long.MAX_VALUE;
  }

  /** Waits until what was told so far is handed out; not for long, and only once, if one hangs. */
  void flush() {
    if (listeners.isEmpty()) {
      return;
    }
    wake.run();
    lock.lock();
    try {
      long end = told.get();
      long left = stuck ? 0 : PATIENCE.toNanos();
      while (delivered < end && left > 0) {
        left = progress.awaitNanos(left);
      }
      if (delivered < end && !stuck) {
        stuck = true;
        LOG.warn("Listeners did not hear {} events within {}.", end - delivered, PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    flush();
    if (loop != null) {
      loop.stop();
    }
  }

  private static void tell(PluginListener listener, JobEvent event) {
    try {
      listener.listener().on(event);
    } catch (Throwable e) {
      LOG.warn("A listener of plugin '{}' threw; the event is skipped.", listener.plugin(), e);
    }
  }
}
