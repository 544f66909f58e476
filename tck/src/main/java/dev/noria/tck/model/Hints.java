package dev.noria.tck.model;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Signals.Listener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who sleeps, who listens, and what they are to be told when the unit is over. */
final class Hints {
  private final Realm realm;
  final List<Listener> listeners = new CopyOnWriteArrayList<>();
  final List<Awaited> awaited = new ArrayList<>();

  /** Queues that somebody sleeps on, until the next signal. */
  private final Set<String> sleepers = new HashSet<>();

  private final Set<String> touched = new LinkedHashSet<>();
  private final Map<String, Instant> scheduled = new TreeMap<>();
  private final List<Consumer<Listener>> pending = new ArrayList<>();

  Hints(Realm realm) {
    this.realm = realm;
  }

  /** A queue may have more work than before: a job became ready, or a running one is over. */
  void touched(String queue) {
    touched.add(queue);
  }

  void scheduled(String queue, Instant due) {
    scheduled.merge(queue, due, (a, b) -> a.isBefore(b) ? a : b);
  }

  void finished(Entry entry, JobState state) {
    JobId id = entry.id();
    boolean wanted =
        entry.job.awaited() || awaited.stream().anyMatch(set -> set.ids().contains(id));
    if (realm.decisions.signalsFinish(wanted)) {
      pending.add(listener -> listener.jobFinished(id, state));
    }
  }

  void cancelRequested(JobId id) {
    pending.add(listener -> listener.cancelRequested(id));
  }

  /** Wakes those who sleep on a queue, whatever is there. */
  void wake(String queue) {
    if (sleepers.remove(queue)) {
      pending.add(listener -> listener.workReady(queue, null));
    }
  }

  void sleep(DequeueRequest request) {
    request.demands().forEach(demand -> sleepers.add(demand.queue()));
  }

  /** Decides who is woken by what the unit has done so far. */
  void settle() {
    for (String queue : touched) {
      if (realm.lines.hasReady(queue) && !realm.isPaused(queue)) {
        wake(queue);
      }
    }
    touched.clear();
    scheduled.forEach(
        (queue, due) -> {
          if (sleepers.contains(queue) && !realm.isPaused(queue)) {
            pending.add(listener -> listener.workReady(queue, due));
          }
        });
    scheduled.clear();
  }

  /** What to tell the listeners, outside the lock. */
  Runnable delivery() {
    settle();
    List<Consumer<Listener>> signals = List.copyOf(pending);
    pending.clear();
    List<Listener> all = List.copyOf(listeners);
    return () -> signals.forEach(signal -> all.forEach(signal));
  }
}
