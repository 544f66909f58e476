package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import dev.noria.storage.Lease;
import dev.noria.storage.StorageException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is stored, and the one way in which a job changes its state. Only used under the
 * lock of its {@link Replica}.
 */
final class World {
  private static final Comparator<Entry> BY_DEADLINE =
      (one, other) -> {
        int byInstant = Long.compare(one.deadline(), other.deadline());
        return byInstant != 0 ? byInstant : one.compareIds(other);
      };

  final Limits limits = Limits.defaults();
  final JobIndex jobs = new JobIndex();
  final Shapes shapes = new Shapes();
  final LiveContents live = new LiveContents();
  final Map<String, NamedQueue> queues = new LinkedHashMap<>();
  final Keys keys = new Keys();
  final Dependents dependents = new Dependents();
  final TimedChains leases = new TimedChains();
  final TimedChains retention = new TimedChains();
  final TreeSet<Entry> deadlines = new TreeSet<>(BY_DEADLINE);
  final EventLog events = new EventLog();
  final Outbox outbox;
  final RegisterTable registers = new RegisterTable();
  final Calls calls = new Calls(live);

  /** By nonce: which process took leases with it. */
  final Map<Long, Long> owners = new LinkedHashMap<>();

  final ArrayDeque<NamedQueue> idleQueues = new ArrayDeque<>();
  long policyVersion;
  long sequence;
  long stamps;

  World(Outbox outbox) {
    this.outbox = outbox;
  }

  NamedQueue queue(String name) {
    NamedQueue queue = queues.get(name);
    if (queue == null) {
      queue = new NamedQueue(name);
      queues.put(name, queue);
    }
    return queue;
  }

  /** Reserves places for some jobs; the first one is returned. */
  long places(int count) {
    sequence += count;
    return sequence - count + 1;
  }

  /** The job that {@code lease} is a current lease of. */
  @Nullable Entry leased(Lease lease) {
    Entry entry = jobs.get(lease.id());
    return entry != null && entry.holds(lease) ? entry : null;
  }

  /** Stores a new job, whose dependencies must be blocked on before it is BLOCKED. */
  Entry create(Draft draft, JobState state, long place, long now) {
    NewJob job = draft.job();
    Line line = queue(job.queue()).line(job.group(), now);
    Entry entry = Entry.of(draft, shapes.use(job), line, now);
    entry.state = state;
    entry.sequence = place;
    if (state == JobState.SCHEDULED) {
      entry.dueAt = entry.runAt();
    }
    insert(entry);
    events.record(entry, null, state, now);
    return entry;
  }

  /** Stores an entry in the state that it has, with all its places. */
  void insert(Entry entry) {
    jobs.add(entry);
    live.add(entry.contentSequence());
    entry.line.queue.counts.add(entry.state);
    if (entry.state.isFinished()) {
      return;
    }
    entry.line.members++;
    if (entry.state == JobState.BLOCKED) {
      dependents.enlist(entry);
    }
    if (entry.state.isWaiting()) {
      waits(entry);
    }
  }

  /** Changes the state of a job: every change but creation and the end of all goes through here. */
  void move(Entry entry, JobState to, long now) {
    JobState from = entry.state;
    if (!Edges.isLegal(from, to)) {
      throw new StorageException(
          StorageException.Kind.INTERNAL,
          "Job " + entry.id() + " would go from " + from + " to " + to + ". No such edge exists.");
    }
    leave(entry, now);
    entry.line.queue.counts.move(from, to);
    entry.state = to;
    events.record(entry, from, to, now);
    if (to == JobState.RUNNING) {
      starts(entry);
    } else if (to.isFinished()) {
      finishes(entry);
    } else {
      if (from == JobState.RUNNING && entry.key() != null) {
        keys.waitsAgain(entry, now);
      }
      waits(entry);
    }
  }

  private void leave(Entry entry, long now) {
    Line line = entry.line;
    switch (entry.state) {
      case BLOCKED -> dependents.delist(entry).forEach(id -> freed(id, now));
      case SCHEDULED -> line.queue.scheduled.remove(entry);
      case READY -> line.remove(entry);
      case RUNNING -> {
        leases.remove(entry);
        entry.run().end();
        line.queue.stopped(line);
        outbox.touch(line.queue);
      }
      case COMPLETED, DEAD, CANCELLED -> retention.remove(entry);
    }
  }

  /** Finds a waiting job its place. */
  void waits(Entry entry) {
    NamedQueue queue = entry.line.queue;
    if (entry.state == JobState.READY) {
      if (entry.shape.lifo) {
        entry.extras().placed = true;
      }
      entry.line.add(entry);
      queue.ring.offer(entry.line);
      outbox.touch(queue);
    } else if (entry.state == JobState.SCHEDULED) {
      queue.scheduled.add(entry);
      if (queue.scheduled.first() == entry) {
        outbox.rescheduled(queue);
      }
    }
    if (entry.deadline() != Entry.NONE) {
      deadlines.add(entry);
    }
  }

  private void starts(Entry entry) {
    expect(entry, entry.run());
    entry.line.queue.started(entry.line);
    unlist(entry);
    if (entry.key() != null) {
      keys.started(entry);
    }
  }

  /** Lists a lease by its expiry. */
  void expect(Entry entry, Run run) {
    run.stamp = ++stamps;
    leases.add(entry, run.expiresAt);
  }

  private void finishes(Entry entry) {
    unlist(entry);
    if (entry.key() != null) {
      keys.finished(entry);
    }
    dependents.ended(entry.id(), entry.state == JobState.COMPLETED, entry.generation());
    if (entry.line.queue.left(entry.line)) {
      listIdle(entry.line.queue);
    }
    outbox.finished(entry);
  }

  private void unlist(Entry entry) {
    if (entry.deadline() != Entry.NONE) {
      deadlines.remove(entry);
    }
  }

  /** A waiting, leased or replayed job becomes READY, at the end of its line. */
  void ready(Entry entry, long now) {
    place(entry, now);
    move(entry, JobState.READY, now);
  }

  /** A job that is in no line gets its place in one: now; a LIFO job keeps the one it has. */
  void place(Entry entry, long now) {
    entry.dueAt = now;
    if (!entry.isPlaced()) {
      entry.sequence = places(1);
    }
  }

  /** A job waits until {@code at}, or is READY when that has come. */
  void waitUntil(Entry entry, long at, long now) {
    if (at <= now) {
      ready(entry, now);
      return;
    }
    NamedQueue queue = entry.line.queue;
    if (entry.state == JobState.SCHEDULED) {
      queue.scheduled.remove(entry);
      entry.dueAt = at;
      waits(entry);
    } else {
      JobState from = entry.state;
      if (from == JobState.READY) {
        entry.line.remove(entry);
      }
      entry.dueAt = at;
      move(entry, JobState.SCHEDULED, now);
    }
  }

  /** A job ends for good. */
  void end(Entry entry, JobState to, @Nullable String reason, long now) {
    entry.reason(reason);
    move(entry, to, now);
    retire(entry, now);
  }

  /** A job that has just ended is kept for its retention, or vanishes. */
  void retire(Entry entry, long now) {
    Duration kept = retentionOf(entry);
    if (kept.isZero() && !dependents.isNeeded(entry.id())) {
      vanish(entry, now);
    } else {
      entry.extras().finishedAt = now;
      keep(entry);
    }
  }

  /** Lists a finished job by the end of its retention. */
  void keep(Entry entry) {
    entry.extras().stamp = ++stamps;
    retention.add(entry, keptUntil(entry));
  }

  private static Duration retentionOf(Entry entry) {
    Extras extras = entry.extras;
    Duration own = extras == null ? null : extras.retention;
    return own == null ? entry.shape.retention.of(entry.state) : own;
  }

  /** Until when a finished job is kept, in milliseconds. */
  static long keptUntil(Entry entry) {
    long finishedAt = entry.extras == null ? Entry.NONE : entry.extras.finishedAt;
    return after(finishedAt == Entry.NONE ? entry.enqueuedAt : finishedAt, retentionOf(entry));
  }

  /** An instant and a duration, both in range or not: what is too much is the end of time. */
  static long after(long instant, Duration duration) {
    try {
      return Math.addExact(instant, duration.toMillis());
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Nobody depends on a job any more: it goes if only that kept it. */
  private void freed(JobId id, long now) {
    Entry entry = jobs.get(id);
    if (entry == null || !entry.state.isFinished()) {
      return;
    }
    if (retentionOf(entry).isZero()) {
      retention.remove(entry);
      vanish(entry, now);
    } else if (entry.chain == null) {
      keep(entry);
    }
  }

  /** A finished job is gone. */
  void vanish(Entry entry, long now) {
    NamedQueue queue = entry.line.queue;
    retention.remove(entry);
    jobs.remove(entry.high, entry.low);
    shapes.release(entry.shape);
    live.drop(entry.contentSequence());
    if (entry.extras != null) {
      entry.extras.drop(live);
    }
    queue.counts.remove(entry.state);
    if (entry.key() != null) {
      keys.gone(entry);
    }
    events.record(entry, entry.state, null, now);
    if (queue.counts.total() == 0) {
      listIdle(queue);
    }
  }

  void listIdle(NamedQueue queue) {
    if (!queue.isIdleListed) {
      queue.isIdleListed = true;
      idleQueues.add(queue);
    }
  }

  /** Whether a queue or a line could be forgotten now. */
  boolean hasIdle(long now) {
    return idleQueues.stream().anyMatch(queue -> queue.isForgettable() || queue.hasIdle(now));
  }

  /** Forgets queues and lines in which nothing is left; says whether more could be. */
  boolean dropIdle(int limit, long now) {
    int rounds = Math.min(limit, idleQueues.size());
    for (int i = 0; i < rounds; i++) {
      NamedQueue queue = idleQueues.remove();
      queue.dropIdleLines(limit, now);
      queue.isIdleListed = false;
      if (queue.isForgettable()) {
        queues.remove(queue.name, queue);
      } else if (queue.hasIdleLines()) {
        listIdle(queue);
      }
    }
    return hasIdle(now);
  }
}
