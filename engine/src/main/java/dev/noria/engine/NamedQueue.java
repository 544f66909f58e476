package dev.noria.engine;

import dev.noria.job.QueuePolicy;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One queue: its lines and their ring, its scheduled jobs, its counts. */
final class NamedQueue {
  final String name;
  final Ring ring = new Ring();
  final DueHeap scheduled = new DueHeap();
  final Counts counts = new Counts();

  boolean paused;

  /** Whether it is listed as one that may go. */
  boolean isIdleListed;

  QueuePolicy policy = QueuePolicy.UNLIMITED;
  int running;

  private final Line plain;
  private final Map<String, Line> groups = new LinkedHashMap<>();
  private final ArrayDeque<Line> idle = new ArrayDeque<>();

  NamedQueue(String name) {
    this.name = name;
    plain = new Line(this, "");
  }

  /** The line of a group, made when it is the first job of it. */
  Line line(@Nullable String group, long now) {
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

  void use(QueuePolicy newPolicy, long now) {
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
  @Nullable Line turn(long now) {
    return paused || isSaturated() ? null : ring.turn(now);
  }

  /** Whether a job could start now; changes nothing. */
  boolean hasTurn(long now) {
    return !paused && !isSaturated() && ring.hasTurn(now);
  }

  /** Whether a look would find or promote something. */
  boolean hasDue(long now) {
    return scheduled.firstUntil(now) != null || hasTurn(now);
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

  /** Whether dropping idle lines would change something; changes nothing itself. */
  boolean hasIdle(long now) {
    return !idle.isEmpty() && (ring.hasEmptyHead() || idle.stream().anyMatch(l -> l.isOver(now)));
  }

  /** Forgets lines without jobs whose bucket is full again. */
  void dropIdleLines(int limit, long now) {
    // A line that ran empty may still stand in the ring; a turn takes it out.
    ring.turn(now);
    int rounds = Math.min(limit, idle.size());
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
  }

  /** When a throttled line has its next token, or, if asked for, the next job becomes due. */
  long nextDue(boolean withScheduled) {
    Entry first = withScheduled ? scheduled.first() : null;
    long due = first == null ? Entry.NONE : first.dueAt;
    long token = isSaturated() ? -1 : ring.nextToken();
    return token >= 0 && (due == Entry.NONE || token < due) ? token : due;
  }

  /** Whether it has jobs, a pause or a policy. */
  boolean exists() {
    return paused || !policy.equals(QueuePolicy.UNLIMITED) || counts.total() > 0;
  }

  /** Whether it has nothing that anybody could miss. */
  boolean isForgettable() {
    return !exists() && idle.isEmpty();
  }

  long oldestReady() {
    long since = plain.oldestReady();
    for (Line line : groups.values()) {
      long other = line.oldestReady();
      if (other != Entry.NONE && (since == Entry.NONE || other < since)) {
        since = other;
      }
    }
    return since;
  }

  /** The line of a group as it was written down. */
  Line restore(String group) {
    return group.isEmpty() ? plain : groups.computeIfAbsent(group, any -> new Line(this, group));
  }

  /** The line of a group, if it has one. */
  @Nullable Line lineOrNull(String group) {
    return group.isEmpty() ? plain : groups.get(group);
  }

  void write(Out out) {
    out.name(name);
    out.flag(paused);
    Policies.write(out, policy);
    out.number(groups.size() + 1);
    plain.write(out);
    groups.values().forEach(line -> line.write(out));
    out.list(ring.order(), out::text);
    out.number(ring.latest());
    out.list(idle, line -> out.text(line.group));
  }

  static NamedQueue read(In in) {
    NamedQueue queue = new NamedQueue(in.name());
    queue.paused = in.flag();
    queue.policy = Policies.read(in);
    for (int left = in.size(); left > 0; left--) {
      Line line = queue.restore(in.text());
      line.read(in, queue.policy.of(line.group));
      if (line.throttledUntil >= 0) {
        queue.ring.restoreThrottled(line);
      }
    }
    in.list(in::text).forEach(group -> queue.ring.restore(queue.restore(group)));
    queue.ring.restoreLatest(in.number());
    for (String group : in.list(in::text)) {
      Line line = queue.restore(group);
      line.isIdleListed = true;
      queue.idle.add(line);
    }
    return queue;
  }
}
