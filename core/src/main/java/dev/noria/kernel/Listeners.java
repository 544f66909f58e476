package dev.noria.kernel;

import dev.noria.LoopDriver;
import dev.noria.LoopDriver.Loop;
import dev.noria.plugin.JobEvent;
import dev.noria.wiring.PluginListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells observers, off the hot path: events wait in a bounded mailbox per listener, whose loop
 * hands them out, and what does not fit is dropped and counted. Thread-safe.
 */
final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Mailbox[] boxes;
  private final Duration patience;
  private final Map<Mailbox, Loop> loops = new ConcurrentHashMap<>();
  private final Set<Mailbox> stuck = ConcurrentHashMap.newKeySet();

  Listeners(List<PluginListener> listeners) {
    this(listeners, PATIENCE);
  }

  Listeners(List<PluginListener> listeners, Duration patience) {
    this.boxes = listeners.stream().map(Mailbox::new).toArray(Mailbox[]::new);
    this.patience = patience;
  }

  /** Whether anybody wants to hear of these; if not, they need not be made. */
  boolean want(Class<? extends JobEvent> kind) {
    for (Mailbox box : boxes) {
      if (box.wants(kind)) {
        return true;
      }
    }
    return false;
  }

  /** From now on {@code driver} hands out what is told. */
  void start(LoopDriver driver) {
    Map<String, Integer> counts = new HashMap<>();
    for (Mailbox box : boxes) {
      int number = counts.merge(box.plugin(), 1, Integer::sum);
      String name = "events-" + box.plugin() + (number == 1 ? "" : "-" + number);
      Loop loop =
          driver.drive(
              name,
              () -> {
                box.deliver();
                return Long.MAX_VALUE;
              });
      loops.put(box, loop);
      box.onEvent(loop::wake);
    }
  }

  void tell(JobEvent event) {
    for (Mailbox box : boxes) {
      if (box.wants(event.getClass())) {
        box.put(event);
      }
    }
  }

  long dropped() {
    long sum = 0;
    for (Mailbox box : boxes) {
      sum += box.dropped();
    }
    return sum;
  }

  /** A mailbox that is being emptied by a thread which nobody else needs. */
  private record Emptying(Mailbox box, Thread thread) {}

  /**
   * Waits until what was told so far is heard: for a while in all, and for one that hangs only
   * once. Never hands out on this thread: a listener may block it, or leave something behind.
   */
  void flush() {
    List<Emptying> emptying = new ArrayList<>();
    for (Mailbox box : boxes) {
      if (!box.isQuiet() && !box.isHeardByThisThread() && !stuck.contains(box)) {
        Thread thread = new Thread(box::deliver, "noria-last-events");
        thread.setDaemon(true);
        thread.start();
        emptying.add(new Emptying(box, thread));
      }
    }
    long end = SystemTime.INSTANCE.nanos() + patience.toNanos();
    for (Emptying one : emptying) {
      if (!isOver(one.thread(), end)) {
        hangs(one);
      }
    }
  }

  /** Waits until {@code endNanos}, but not at all in a thread that is interrupted. */
  private static boolean isOver(Thread thread, long endNanos) {
    try {
      long left = (endNanos - SystemTime.INSTANCE.nanos()) / 1_000_000;
      thread.join(Math.max(1, left));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  private void hangs(Emptying one) {
    // It waits for the thread that hangs, or is that itself.
    one.thread().interrupt();
    if (stuck.add(one.box())) {
      LOG.warn(
          "The listener of plugin '{}' did not hear all events within {}; {} are lost with it.",
          one.box().plugin(),
          patience,
          one.box().giveUp());
    }
  }

  void stop() {
    flush();
    for (Mailbox box : boxes) {
      Loop loop = loops.remove(box);
      if (loop != null && stuck.contains(box)) {
        // Nobody waits for its thread a second time.
        Thread thread = new Thread(loop::stop, "noria-last-events");
        thread.setDaemon(true);
        thread.start();
      } else if (loop != null) {
        loop.stop();
      }
    }
  }
}
