package dev.noria.tck.model;

import dev.noria.job.GroupPolicy.StartRate;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who waits in which line: READY jobs by queue and group, SCHEDULED ones by queue. */
final class Lines {
  private final Decisions decisions;
  private final Map<String, Queue> queues = new HashMap<>();

  Lines(Decisions decisions) {
    this.decisions = decisions;
  }

  /** The lines of one queue, and whose turn it is. */
  final class Queue {
    /** Groups with READY jobs, the one whose turn it is first; a group without work may linger. */
    final Deque<String> ring = new ArrayDeque<>();

    /** How many jobs the first group of the ring has taken in this turn. */
    int taken;

    final NavigableSet<Entry> scheduled = new TreeSet<>(decisions.promotion());
    private final Map<String, NavigableSet<Entry>> ready = new HashMap<>();
    private final Map<String, Bucket> buckets = new HashMap<>();

    @Nullable Entry first(String group) {
      NavigableSet<Entry> line = ready.get(group);
      return line == null ? null : line.first();
    }

    boolean hasReady() {
      return !ready.isEmpty();
    }

    /** Hands the turn to the next group; the first one goes to the end, if it has work. */
    void next() {
      String first = ring.removeFirst();
      taken = 0;
      if (ready.containsKey(first)) {
        ring.addLast(first);
      }
    }

    /** The tokens of a group; full when the rate is new. */
    Bucket bucket(String group, StartRate rate, Instant now) {
      Bucket known = buckets.get(group);
      if (known == null || !known.rate.equals(rate)) {
        known = new Bucket(rate, now);
        buckets.put(group, known);
      }
      return known;
    }
  }

  Queue of(String queue) {
    return queues.computeIfAbsent(queue, any -> new Queue());
  }

  boolean hasReady(String queue) {
    Queue lines = queues.get(queue);
    return lines != null && lines.hasReady();
  }

  void add(Entry entry) {
    Queue queue = of(entry.job.queue());
    String group = entry.group();
    queue.ready.computeIfAbsent(group, any -> new TreeSet<>(decisions.line())).add(entry);
    if (!queue.ring.contains(group)) {
      queue.ring.addLast(group);
    }
  }

  void remove(Entry entry) {
    Queue queue = of(entry.job.queue());
    NavigableSet<Entry> line = queue.ready.get(entry.group());
    if (line != null && line.remove(entry) && line.isEmpty()) {
      queue.ready.remove(entry.group());
    }
  }

  void schedule(Entry entry) {
    of(entry.job.queue()).scheduled.add(entry);
  }

  void unschedule(Entry entry) {
    of(entry.job.queue()).scheduled.remove(entry);
  }
}
