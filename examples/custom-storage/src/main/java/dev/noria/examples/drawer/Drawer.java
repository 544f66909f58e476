package dev.noria.examples.drawer;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All jobs, and the indexes that keep a call from looking at each of them. */
final class Drawer {
  final TreeMap<JobId, Entry> jobs = new TreeMap<>();
  final Keys keys = new Keys();
  final Wakes wakes = new Wakes();
  private final Map<String, Line> lines = new HashMap<>();
  private final Map<JobId, Set<JobId>> dependents = new HashMap<>();
  private long sequence;

  Line line(String queue) {
    return lines.computeIfAbsent(queue, any -> new Line());
  }

  /** The BLOCKED jobs that name this one. */
  List<Entry> dependents(JobId id) {
    List<Entry> found = new ArrayList<>();
    for (JobId dependent : dependents.getOrDefault(id, Set.of())) {
      @Nullable Entry entry = jobs.get(dependent);
      if (entry != null) {
        found.add(entry);
      }
    }
    return found;
  }

  void add(Entry entry) {
    jobs.put(entry.job.id(), entry);
    index(entry);
  }

  /** The only way to change state, due instant or place of a stored job. */
  void change(Entry entry, Runnable change) {
    unindex(entry);
    change.run();
    index(entry);
  }

  /** Removes a finished job whose time is over, unless somebody depends on it (S1.6, S1.8). */
  boolean vanish(Entry entry, Instant now) {
    JobId id = entry.job.id();
    Instant keepUntil = entry.keepUntil;
    if (keepUntil == null || keepUntil.isAfter(now) || dependents.containsKey(id)) {
      return false;
    }
    jobs.remove(id);
    keys.gone(entry);
    return true;
  }

  /** Lets a job wait until {@code due}; inside {@link #change} or before {@link #add}. */
  void await(Entry entry, Instant due, Instant now) {
    entry.arrival = ++sequence;
    if (due.isAfter(now)) {
      entry.state = JobState.SCHEDULED;
      entry.dueAt = due;
    } else {
      becomeReady(entry, now);
    }
  }

  void becomeReady(Entry entry, Instant now) {
    entry.state = JobState.READY;
    entry.dueAt = now;
    // LIFO is newest first, and a retry does not make a job newer.
    if (!entry.job.lifo() || entry.place == 0) {
      entry.place = ++sequence;
    }
  }

  private void index(Entry entry) {
    if (entry.state == JobState.BLOCKED) {
      for (JobId on : entry.job.dependencies().on()) {
        dependents.computeIfAbsent(on, any -> new LinkedHashSet<>()).add(entry.job.id());
      }
    } else if (entry.state.isWaiting()) {
      line(entry.queue()).add(entry);
      wakes.waiting(entry.queue(), entry.state == JobState.READY ? null : entry.dueAt);
    }
  }

  private void unindex(Entry entry) {
    if (entry.state == JobState.BLOCKED) {
      for (JobId on : entry.job.dependencies().on()) {
        Set<JobId> all = dependents.get(on);
        if (all != null && all.remove(entry.job.id()) && all.isEmpty()) {
          dependents.remove(on);
        }
      }
    } else if (entry.state.isWaiting()) {
      line(entry.queue()).remove(entry);
    }
  }
}
