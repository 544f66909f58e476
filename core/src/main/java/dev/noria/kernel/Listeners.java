package dev.noria.kernel;

import dev.noria.plugin.JobEvent;
import dev.noria.wiring.PluginListener;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells observers, off the hot path: events wait in a bounded buffer, one loop hands them out, and
 * what does not fit is dropped and counted.
 */
final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final int BUFFER = 16_384;

  private final List<PluginListener> listeners;
  private final ArrayBlockingQueue<JobEvent> buffer = new ArrayBlockingQueue<>(BUFFER);
  private final LongAdder dropped = new LongAdder();
  private volatile Runnable wake = () -> {};

  Listeners(List<PluginListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  boolean isEmpty() {
    return listeners.isEmpty();
  }

  /** What to run when an event has arrived. */
  void onEvent(Runnable action) {
    wake = action;
  }

  void tell(JobEvent event) {
    if (listeners.isEmpty()) {
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
    for (JobEvent event = buffer.poll(); event != null; event = buffer.poll()) {
      for (PluginListener listener : listeners) {
        tell(listener, event);
      }
    }
    return Long.MAX_VALUE;
  }

  private static void tell(PluginListener listener, JobEvent event) {
    try {
      listener.listener().on(event);
    } catch (Throwable e) {
      LOG.warn("A listener of plugin '{}' threw; the event is skipped.", listener.plugin(), e);
    }
  }
}
