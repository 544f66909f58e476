package dev.noria.engine;

import dev.noria.job.QueuePolicy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One queue: its lines and their ring, its scheduled jobs, its counts, its sleepers. */
final class NamedQueue {
  final String name;
  final Ring ring = new Ring();
  final DueHeap scheduled = new DueHeap();
  final Counts counts = new Counts();

  /** Clients that sleep until there is work here (S2.7). */
  final Set<Long> sleepers = new HashSet<>();

  boolean paused;

  /** Whether it is listed as one that may go. */
  boolean isIdleListed;

  QueuePolicy policy = QueuePolicy.UNLIMITED;
  int running;

  private final Line plain;
  private final Map<String, Line> groups = new HashMap<>();
  private final ArrayDeque<Line> idle = new ArrayDeque<>();

  NamedQueue(String name) {
    this.name = name;
    plain = new Line(this, "");
  }

  /** The line of a group, made when it is the first job of it. */
  Line line(@Nullable String group, Instant now) {
    if (group == null) {
      return plain;
    }
    Line line = groups.get(group);
    if (line == null) {
      line = new Line(this, group);
      line.use(policy.of(group), now);
      groups.put(group, line);
    }
    return line;
  }

  void use(QueuePolicy newPolicy, Instant now) {
    policy = newPolicy;
    ring.clear();
    ring.offer(plain);
    for (Line line : groups.values()) {
      line.use(newPolicy.of(line.group), now);
      ring.offer(line);
    }
  }

  boolean isSaturated() {
    return policy.maxRunning() > 0 && running >= policy.maxRunning();
  }

  /** The line whose turn it is; null when no job may start now. */
  @Nullable Line turn(Instant now) {
    return paused || isSaturated() ? null : ring.turn(now);
  }

  void started(Line line) {
    running++;
    line.running++;
  }

  void stopped(Line line) {
    running--;
    line.running--;
    ring.offer(line);
  }

  boolean hasIdleLines() {
    return !idle.isEmpty();
  }

  /** A job of the line is finished or gone; says whether the line may be forgotten now. */
  boolean left(Line line) {
    line.members--;
    if (line.members == 0 && line != plain && !line.isIdleListed) {
      line.isIdleListed = true;
      idle.add(line);
      return true;
    }
    return false;
  }

  /** Forgets lines without jobs whose bucket is full again; says whether there may be more. */
  boolean dropIdleLines(int limit, Instant now) {
    // A line that ran empty may still stand in the ring; a turn takes it out.
    ring.turn(now);
    int rounds = Math.min(limit, idle.size());
    boolean more = idle.size() > rounds;
    for (int i = 0; i < rounds; i++) {
      Line line = idle.remove();
      line.isIdleListed = false;
      if (line.members > 0) {
        continue;
      }
      if (line.inRing || (line.tokens != null && !line.tokens.isFull(now))) {
        line.isIdleListed = true;
        idle.add(line);
      } else {
        groups.remove(line.group, line);
      }
    }
    return more;
  }

  /** When a throttled line has its next token, or, if asked for, the next job becomes due. */
  @Nullable Instant nextDue(boolean withScheduled) {
    Entry first = withScheduled ? scheduled.first() : null;
    Instant due = first == null ? null : first.dueAt;
    long token = isSaturated() ? -1 : ring.nextToken();
    if (token >= 0 && (due == null || token < due.toEpochMilli())) {
      return Instant.ofEpochMilli(token);
    }
    return due;
  }

  /** Whether it has jobs, a pause or a policy. */
  boolean exists() {
    return paused || !policy.equals(QueuePolicy.UNLIMITED) || counts.total() > 0;
  }

  /** Whether it has nothing that anybody could miss. */
  boolean isForgettable() {
    return !exists() && sleepers.isEmpty() && idle.isEmpty();
  }

  @Nullable Instant oldestReady() {
    Instant since = plain.oldestReady();
    for (Line line : groups.values()) {
      Instant other = line.oldestReady();
      if (other != null && (since == null || other.isBefore(since))) {
        since = other;
      }
    }
    return since;
  }
}
