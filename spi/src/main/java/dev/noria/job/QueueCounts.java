package dev.noria.job;

import java.util.EnumMap;
import java.util.Map;

/**
 * How many jobs of a queue are recorded in each state. Immutable.
 *
 * @param byState every state, zero included
 */
public record QueueCounts(Map<JobState, Long> byState) {

  /** Adds the states that are missing, as zero. */
  public QueueCounts {
    Map<JobState, Long> all = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      all.put(state, byState.getOrDefault(state, 0L));
    }
    byState = Map.copyOf(all);
  }

  /** Jobs in {@code state}. */
  public long of(JobState state) {
    return byState.getOrDefault(state, 0L);
  }

  /** Jobs in any state. */
  public long total() {
    return byState.values().stream().mapToLong(Long::longValue).sum();
  }
}
