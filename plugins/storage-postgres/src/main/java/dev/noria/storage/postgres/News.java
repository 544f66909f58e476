package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one transaction has to tell once it is committed. */
final class News {
  /** Work that is due at once. */
  static final long NOW = -1;

  private final List<Step> steps = new ArrayList<>();
  private final Map<Integer, Long> works = new TreeMap<>();
  private final List<JobId> ended = new ArrayList<>();

  /** Something that happened. */
  sealed interface Step {}

  /** Somebody of this storage sleeps on a queue that has work from {@code due} on. */
  record Work(int queue, long due) implements Step {}

  /** A job ended; one that was not enqueued as awaited interests its waiters only. */
  record Finished(JobId id, JobState state, boolean awaited) implements Step {}

  /** Somebody wants a running job to stop. */
  record Cancel(JobId id) implements Step {}

  /** A transaction is committed, or may be, whose news are lost with its answer. */
  record Doubt() implements Step {}

  void add(Step step) {
    steps.add(step);
  }

  List<Step> steps() {
    return steps;
  }

  /** A queue has work at once. */
  void ready(int queue) {
    works.put(queue, NOW);
  }

  /** A queue has work from an instant on. */
  void due(int queue, long at) {
    works.merge(queue, at, Math::min);
  }

  /** By queue: the earliest instant of its new work. */
  Map<Integer, Long> works() {
    return works;
  }

  /** A job ended on which others wait. */
  void ended(JobId id) {
    ended.add(id);
  }

  List<JobId> ended() {
    return ended;
  }
}
