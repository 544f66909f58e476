package dev.noria.engine;

import dev.noria.job.JobState;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** The state machine as a table, so that each transition is checked without allocating. */
final class Edges {
  private static final Map<JobState, Set<JobState>> SUCCESSORS = new EnumMap<>(JobState.class);

  static {
    for (JobState from : JobState.values()) {
      SUCCESSORS.put(from, from.successors());
    }
  }

  private Edges() {}

  static boolean isLegal(JobState from, JobState to) {
    Set<JobState> successors = SUCCESSORS.get(from);
    return successors != null && successors.contains(to);
  }
}
