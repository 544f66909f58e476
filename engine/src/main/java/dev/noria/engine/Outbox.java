package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Signals;
import dev.noria.storage.Signals.Listener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who sleeps, who listens, and what a call has to tell them. What a call collects here is told
 * after the lock is free, so that a listener can never hold the storage up.
 */
final class Outbox {
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Map<JobId, Integer> waiters = new HashMap<>();

  /** By queue: the clients that sleep until there is work (S2.7). */
  private final Map<String, Set<Long>> sleepers = new HashMap<>();

  private final Map<NamedQueue, Cause> touched = new LinkedHashMap<>();
  private List<Consumer<Listener>> signals = new ArrayList<>();

  /** Why a queue is looked at when a call ends; a later one includes those before it. */
  private enum Cause {
    WORK,
    DUE,
    RESUME
  }

  Signals.Registration listen(Listener listener) {
    listeners.add(listener);
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.getAndSet(false)) {
        listeners.remove(listener);
      }
    };
  }

  void await(Set<JobId> ids) {
    ids.forEach(id -> waiters.merge(id, 1, Integer::sum));
  }

  void forget(Set<JobId> ids) {
    ids.forEach(id -> waiters.computeIfPresent(id, (any, n) -> n == 1 ? null : n - 1));
  }

  /** The caller got fewer jobs than it asked for and sleeps on these queues now. */
  void park(long client, List<Demand> demands) {
    for (Demand demand : demands) {
      sleepers.computeIfAbsent(demand.queue(), any -> new HashSet<>()).add(client);
    }
  }

  /** The caller looks again, and is awake for these queues. */
  void unpark(long client, List<Demand> demands) {
    if (sleepers.isEmpty()) {
      return;
    }
    for (Demand demand : demands) {
      Set<Long> clients = sleepers.get(demand.queue());
      if (clients != null && clients.remove(client) && clients.isEmpty()) {
        sleepers.remove(demand.queue());
      }
    }
  }

  /** A queue may have work that it did not have before. */
  void touch(NamedQueue queue) {
    note(queue, Cause.WORK);
  }

  /** The first scheduled job of a queue is another one. */
  void rescheduled(NamedQueue queue) {
    note(queue, Cause.DUE);
  }

  /** A pause ended: sleepers shall look, whatever there is. */
  void resumed(NamedQueue queue) {
    note(queue, Cause.RESUME);
  }

  private void note(NamedQueue queue, Cause cause) {
    if (!sleepers.isEmpty() && sleepers.containsKey(queue.name)) {
      touched.merge(queue, cause, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }
  }

  void finished(Entry entry) {
    if (listeners.isEmpty()) {
      return;
    }
    if (!entry.shape.awaited && waiters.isEmpty()) {
      return;
    }
    JobId id = entry.id();
    JobState state = entry.state;
    if (entry.shape.awaited || waiters.containsKey(id)) {
      signals.add(listener -> listener.jobFinished(id, state));
    }
  }

  void cancelRequested(JobId id) {
    signals.add(listener -> listener.cancelRequested(id));
  }

  /** The state is another one: whoever sleeps or waits hears of what it missed. */
  void replaced(World before, World world) {
    for (String name : sleepers.keySet()) {
      NamedQueue queue = world.queues.get(name);
      if (queue != null && isSooner(before.queues.get(name), queue)) {
        note(queue, Cause.DUE);
      } else if (queue != null && queue.hasTurn(0)) {
        note(queue, Cause.WORK);
      }
    }
    for (JobId id : waiters.keySet()) {
      Entry entry = world.jobs.get(id);
      if (entry != null && entry.state.isFinished()) {
        finished(entry);
      }
    }
  }

  private static boolean isSooner(@Nullable NamedQueue before, NamedQueue queue) {
    long known = before == null ? Entry.NONE : before.nextDue(true);
    long due = queue.nextDue(true);
    return due != Entry.NONE && (known == Entry.NONE || due < known);
  }

  /** Ends a call: what is to be told once the lock is free. */
  List<Consumer<Listener>> close(long now) {
    if (!touched.isEmpty()) {
      touched.forEach((queue, cause) -> wake(queue, cause, now));
      touched.clear();
    }
    if (signals.isEmpty()) {
      return List.of();
    }
    List<Consumer<Listener>> told = signals;
    signals = new ArrayList<>();
    return told;
  }

  private void wake(NamedQueue queue, Cause cause, long now) {
    if (!sleepers.containsKey(queue.name) || (queue.paused && cause != Cause.RESUME)) {
      return;
    }
    if (cause == Cause.RESUME || queue.hasTurn(now)) {
      wakeAt(queue, null);
      return;
    }
    long due = queue.nextDue(cause == Cause.DUE);
    if (due != Entry.NONE) {
      wakeAt(queue, Instant.ofEpochMilli(due));
    }
  }

  private void wakeAt(NamedQueue queue, @Nullable Instant due) {
    String name = queue.name;
    signals.add(listener -> listener.workReady(name, due));
    sleepers.remove(name);
  }

  /** Tells every listener; called without the lock. */
  void tell(List<Consumer<Listener>> told) {
    for (Listener listener : listeners) {
      for (Consumer<Listener> signal : told) {
        tell(listener, signal);
      }
    }
  }

  private static void tell(Listener listener, Consumer<Listener> signal) {
    try {
      signal.accept(listener);
    } catch (RuntimeException e) {
      // A listener that breaks its promise must not fail the call of somebody else.
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
