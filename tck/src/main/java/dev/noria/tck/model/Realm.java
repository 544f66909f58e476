package dev.noria.tck.model;

import static java.util.Objects.requireNonNull;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.QueuePolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The jobs of one namespace, with the few indexes that keep a call from scanning all of them. */
final class Realm {
  final Decisions decisions;
  final Keys keys;
  final Lines lines;
  final Hints hints = new Hints(this);
  final Journal journal;
  final Calls calls;
  final Shelf shelf;
  final TreeMap<JobId, Entry> jobs = new TreeMap<>();
  final Set<Entry> running = new LinkedHashSet<>();
  final Set<String> paused = new HashSet<>();
  final Map<String, QueuePolicy> policies = new HashMap<>();
  private long policyVersion;
  private final Map<JobId, Set<JobId>> dependents = new HashMap<>();
  private long sequence;

  Realm(Decisions decisions, Keys keys) {
    this.decisions = decisions;
    this.keys = keys;
    this.lines = new Lines(decisions);
    this.journal = new Journal(decisions);
    this.calls = new Calls(decisions);
    this.shelf = new Shelf(decisions);
  }

  @Nullable Entry job(JobId id) {
    return jobs.get(id);
  }

  /** The entry of a job that is known to exist. */
  Entry existing(JobId id) {
    return requireNonNull(jobs.get(id), () -> "job " + id);
  }

  QueuePolicy policy(String queue) {
    return policies.getOrDefault(queue, QueuePolicy.UNLIMITED);
  }

  boolean isPaused(String queue) {
    return paused.contains(queue);
  }

  void pause(String queue) {
    paused.add(queue);
  }

  void resume(String queue) {
    paused.remove(queue);
    hints.wake(queue);
  }

  long setPolicy(String queue, QueuePolicy policy) {
    policies.put(queue, policy);
    hints.touched(queue);
    return ++policyVersion;
  }

  /** BLOCKED jobs that name this one among their dependencies. */
  List<Entry> dependents(JobId id) {
    List<Entry> found = new ArrayList<>();
    dependents.getOrDefault(id, Set.of()).forEach(dependent -> found.add(existing(dependent)));
    return found;
  }

  boolean isSpared(Entry entry) {
    return decisions.spares(dependents.containsKey(entry.id()));
  }

  /** Stores a new job in the state that it has. */
  void add(Entry entry, Instant now) {
    jobs.put(entry.id(), entry);
    index(entry);
    journal.record(entry, null, entry.state, now);
  }

  /** The only way to change state, due instant, place or priority of a stored job. */
  void change(Entry entry, Instant now, Consumer<Entry> mutation) {
    JobState from = entry.state;
    unindex(entry);
    mutation.accept(entry);
    index(entry);
    if (from != entry.state) {
      journal.record(entry, from, entry.state, now);
    }
  }

  void remove(Entry entry, Instant now) {
    unindex(entry);
    jobs.remove(entry.id());
    keys.gone(entry);
    journal.record(entry, entry.state, null, now);
  }

  /** Lets the job wait for {@code due}; for use inside {@link #change} or before {@link #add}. */
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
    if (!decisions.keepsPlace(entry)) {
      entry.place = ++sequence;
    }
  }

  private void index(Entry entry) {
    switch (entry.state) {
      case BLOCKED ->
          entry
              .job
              .dependencies()
              .on()
              .forEach(
                  on ->
                      dependents.computeIfAbsent(on, any -> new LinkedHashSet<>()).add(entry.id()));
      case SCHEDULED -> {
        lines.schedule(entry);
        hints.scheduled(entry.job.queue(), entry.dueAt);
      }
      case READY -> {
        lines.add(entry);
        hints.touched(entry.job.queue());
      }
      case RUNNING -> running.add(entry);
      case COMPLETED, DEAD, CANCELLED -> {}
    }
  }

  private void unindex(Entry entry) {
    switch (entry.state) {
      case BLOCKED -> entry.job.dependencies().on().forEach(on -> forget(on, entry.id()));
      case SCHEDULED -> lines.unschedule(entry);
      case READY -> lines.remove(entry);
      case RUNNING -> {
        running.remove(entry);
        hints.touched(entry.job.queue());
      }
      case COMPLETED, DEAD, CANCELLED -> {}
    }
  }

  private void forget(JobId on, JobId dependent) {
    Set<JobId> all = dependents.get(on);
    if (all != null && all.remove(dependent) && all.isEmpty()) {
      dependents.remove(on);
    }
  }
}
