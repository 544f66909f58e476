package dev.noria.kernel;

import dev.noria.LoopDriver;
import dev.noria.LoopDriver.Loop;
import dev.noria.plugin.JobEvent;
import dev.noria.wiring.PluginListener;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
  private final List<Set<Class<? extends JobEvent>>> kinds;
  private final Set<Class<? extends JobEvent>> wanted = new HashSet<>();
  private final boolean all;
  private final ArrayBlockingQueue<JobEvent> buffer = new ArrayBlockingQueue<>(BUFFER);
  private final LongAdder dropped = new LongAdder();
  private final ReentrantLock delivering = new ReentrantLock();
  private volatile boolean stuck;
  private @Nullable Loop loop;
  private volatile Runnable wake = () -> {};

  Listeners(List<PluginListener> listeners) {
    this.listeners = List.copyOf(listeners);
    this.kinds = this.listeners.stream().map(Listeners::kinds).toList();
    kinds.forEach(wanted::addAll);
    all = kinds.stream().anyMatch(Set::isEmpty);
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

  /** Whether anybody wants to hear of these; if not, they need not be made. */
  boolean want(Class<? extends JobEvent> kind) {
    return all || wanted.contains(kind);
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
    if (!want(event.getClass())) {
      return;
    }
    // Always: a look at the buffer before the offer may be out of date by then.
    if (buffer.offer(event)) {
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
    delivering.lock();
    try {
      for (JobEvent event = buffer.poll(); event != null; event = buffer.poll()) {
        for (int i = 0; i < listeners.size(); i++) {
          if (kinds.get(i).isEmpty() || kinds.get(i).contains(event.getClass())) {
            tell(listeners.get(i), event);
          }
        }
      }
    } finally {
      delivering.unlock();
    }
    return Long.MAX_VALUE;
  }

  /**
   * Hands out what was told so far, after the loop if that is at it; does not wait for long, and
   * only once, if a listener hangs, and not at all if it is a listener that calls.
   */
  void flush() {
    if (listeners.isEmpty() || delivering.isHeldByCurrentThread()) {
      return;
    }
    try {
      if (delivering.tryLock(stuck ? 0 : PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          long ignored = deliver();
        } finally {
          delivering.unlock();
        }
      } else if (!stuck) {
        stuck = true;
        LOG.warn("A listener hangs for {}; events are lost with it.", PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
