package dev.noria.tck.history;

import static java.util.Objects.requireNonNull;

import dev.noria.job.JobFilter;
import dev.noria.job.JobState;
import dev.noria.job.Page;
import dev.noria.job.QueueCounts;
import dev.noria.job.StoredJob;
import dev.noria.storage.Inspection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is stored when a run is over and nobody works any more. Immutable.
 *
 * @param nanos when it was read, by the clock of the history
 * @param at when it was read, by the clock that the storage goes by
 * @param jobs every stored job
 * @param counts what the storage says of each queue
 * @param pausedQueues which queues are paused
 * @param indexFaults what a look at the storage's own side indexes found wrong, in words
 */
public record FinalState(
    long nanos,
    Instant at,
    List<StoredJob> jobs,
    Map<String, QueueCounts> counts,
    Set<String> pausedQueues,
    List<String> indexFaults) {
  private static final int PAGE = 1_000;

  /** Copies the collections. */
  public FinalState {
    requireNonNull(at, "at");
    jobs = List.copyOf(jobs);
    counts = Map.copyOf(counts);
    pausedQueues = Set.copyOf(pausedQueues);
    indexFaults = List.copyOf(indexFaults);
  }

  /** Jobs with counts that agree, nothing paused, no fault in any index. */
  public static FinalState of(long nanos, Instant at, List<StoredJob> jobs) {
    return new FinalState(nanos, at, jobs, recount(jobs), Set.of(), List.of());
  }

  /**
   * Reads everything. Counts may be two seconds old: call this when nothing has changed for that
   * long.
   */
  public static FinalState read(Inspection storage, long nanos, Instant at) {
    List<StoredJob> jobs = new ArrayList<>();
    String cursor = null;
    do {
      Page<StoredJob> page = storage.list(JobFilter.all(), cursor, PAGE);
      jobs.addAll(page.items());
      cursor = page.next();
    } while (cursor != null);
    Map<String, QueueCounts> counts = new HashMap<>();
    Set<String> paused = new HashSet<>();
    for (Inspection.QueueState queue : storage.queues()) {
      counts.put(queue.name(), storage.counts(queue.name()));
      if (queue.paused()) {
        paused.add(queue.name());
      }
    }
    return new FinalState(nanos, at, jobs, counts, paused, List.of());
  }

  /** The same with other counts. */
  public FinalState withCounts(Map<String, QueueCounts> other) {
    return new FinalState(nanos, at, jobs, other, pausedQueues, indexFaults);
  }

  /** The same with paused queues. */
  public FinalState withPausedQueues(Set<String> paused) {
    return new FinalState(nanos, at, jobs, counts, paused, indexFaults);
  }

  /** The same with faults of side indexes. */
  public FinalState withIndexFaults(List<String> faults) {
    return new FinalState(nanos, at, jobs, counts, pausedQueues, faults);
  }

  /** The jobs of each queue, counted one by one. */
  static Map<String, QueueCounts> recount(List<StoredJob> jobs) {
    Map<String, Map<JobState, Long>> found = new HashMap<>();
    for (StoredJob job : jobs) {
      found
          .computeIfAbsent(job.queue(), queue -> new HashMap<>())
          .merge(job.state(), 1L, Long::sum);
    }
    Map<String, QueueCounts> counts = new HashMap<>();
    found.forEach((queue, states) -> counts.put(queue, new QueueCounts(states)));
    return counts;
  }

  /** What the storage says of {@code queue}; null where it says nothing. */
  @Nullable QueueCounts counted(String queue) {
    return counts.get(queue);
  }
}
