package dev.noria.testing;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.EndedJob;
import dev.noria.storage.Exchange;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what passed through the storage: jobs that ended and are not kept, the order of
 * enqueues, and when something happens next. Thread-safe.
 */
final class Journal {
  private final Map<JobId, Long> order = new HashMap<>();
  private final PriorityQueue<Instant> deadlines = new PriorityQueue<>();
  private final List<JobId> fresh = new ArrayList<>();
  private final Map<JobId, StoredJob> running = new HashMap<>();
  private final Map<JobId, Ended> ended = new LinkedHashMap<>();
  private @Nullable Instant nextDue;
  private TestQueue.Drained counts = TestQueue.Drained.NOTHING;
  private long changes;

  /**
   * A job that ended with an ack.
   *
   * @param job as it was when it ran
   * @param state COMPLETED, DEAD or CANCELLED
   * @param result as stored
   * @param error the last one
   */
  record Ended(StoredJob job, JobState state, @Nullable Bytes result, @Nullable ErrorInfo error) {}

  synchronized void enqueued(List<NewJob> jobs) {
    for (NewJob job : jobs) {
      order.putIfAbsent(job.id(), (long) order.size());
      Instant deadline = job.deadline();
      if (deadline != null) {
        deadlines.add(deadline);
      }
    }
  }

  synchronized void exchanged(List<Ack> acks, Exchange answer) {
    for (int i = 0; i < acks.size(); i++) {
      enqueued(acks.get(i).followUps());
      if (answer.receipts().get(i).isApplied()) {
        acked(acks.get(i));
      }
    }
    answer.ended().forEach(this::endedByStorage);
    for (LeasedJob job : answer.jobs()) {
      fresh.add(job.id());
      changes++;
    }
    counts = counts.plusRan(answer.jobs().size());
  }

  /** When the next job of the worker's queues is due, as of the last look. */
  synchronized void looked(@Nullable Instant due) {
    nextDue = due;
  }

  synchronized void maintained(Maintained done) {
    done.ended().forEach(this::endedByStorage);
    boolean idle =
        done.ended().isEmpty() && done.released().isEmpty() && done.reclaimed().isEmpty();
    changes += idle ? 0 : 1;
  }

  private void endedByStorage(EndedJob job) {
    counts = counts.plusOne(job.state());
    changes++;
  }

  private void acked(Ack ack) {
    changes++;
    JobId id = ack.lease().id();
    StoredJob job = running.remove(id);
    JobState state =
        switch (ack.kind()) {
          case COMPLETED -> JobState.COMPLETED;
          case DEAD -> JobState.DEAD;
          case CANCELLED -> JobState.CANCELLED;
          case RETRY -> JobState.SCHEDULED;
          case RELEASED -> JobState.READY;
        };
    counts = counts.plusOne(state);
    if (job != null && state.isFinished()) {
      Bytes result = ack instanceof Ack.Completed completed ? completed.result() : null;
      ErrorInfo error = ack instanceof Ack.Dead dead ? dead.error() : null;
      ended.put(id, new Ended(job, state, result, error));
    }
  }

  /** Looks the jobs up that were just taken: later they may be gone. */
  void lookUp(Function<JobId, Optional<StoredJob>> find) {
    List<JobId> taken;
    synchronized (this) {
      taken = List.copyOf(fresh);
      fresh.clear();
    }
    for (JobId id : taken) {
      Optional<StoredJob> job = find.apply(id);
      synchronized (this) {
        job.ifPresent(stored -> running.put(id, stored));
      }
    }
  }

  /** When a due job or a deadline comes next, after {@code now}. */
  synchronized Optional<Instant> next(Instant now) {
    // A job expires when its deadline has passed, not at it.
    while (!deadlines.isEmpty() && deadlines.peek().isBefore(now)) {
      deadlines.remove();
    }
    Instant deadline = deadlines.isEmpty() ? null : deadlines.peek().plusMillis(1);
    Instant due = nextDue == null || !nextDue.isAfter(now) ? null : nextDue;
    if (due == null || deadline == null) {
      return Optional.ofNullable(due == null ? deadline : due);
    }
    return Optional.of(due.isBefore(deadline) ? due : deadline);
  }

  synchronized List<Ended> ended() {
    return List.copyOf(ended.values());
  }

  /** The place of a job in the order of enqueues; those from elsewhere come last. */
  synchronized long place(JobId id) {
    return order.getOrDefault(id, Long.MAX_VALUE);
  }

  synchronized TestQueue.Drained counts() {
    return counts;
  }

  /** Grows whenever something happened to a job. */
  synchronized long changes() {
    return changes;
  }
}
