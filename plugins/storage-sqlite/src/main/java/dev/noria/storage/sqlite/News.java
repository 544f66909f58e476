package dev.noria.storage.sqlite;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one transaction has to tell once it is committed, in the order in which it happened. */
final class News {
  final List<Step> steps = new ArrayList<>();

  /** Whether a job ended on which others wait; for the transaction itself. */
  boolean dependents;

  /** How many of those were settled; for the transaction itself. */
  int settled;

  /** Something that happened. */
  sealed interface Step {}

  /** A queue has work from {@code due} on; {@link Long#MIN_VALUE}: at once. */
  record Work(String queue, long due) implements Step {}

  /** A worker looks for work in these queues. */
  record Awake(long nonce, Set<String> queues) implements Step {}

  /** A worker found too little and sleeps until {@code nextDue}. */
  record Asleep(long nonce, Set<String> queues, long nextDue) implements Step {

    /** The same sleep on the other queues; null when there are none. */
    @Nullable Asleep without(Set<String> looked) {
      Set<String> left = new HashSet<>(queues);
      left.removeAll(looked);
      return left.isEmpty() ? null : new Asleep(nonce, left, nextDue);
    }
  }

  /** A job ended; one that was not enqueued as awaited interests its waiters only. */
  record Finished(JobId id, JobState state, boolean awaited) implements Step {}

  /** Somebody wants a running job to stop. */
  record Cancel(JobId id) implements Step {}

  void add(Step step) {
    boolean again = !steps.isEmpty() && steps.get(steps.size() - 1).equals(step);
    if (!again) {
      steps.add(step);
    }
  }

  void ready(String queue) {
    add(new Work(queue, Long.MIN_VALUE));
  }

  void due(String queue, long at) {
    add(new Work(queue, at));
  }
}
