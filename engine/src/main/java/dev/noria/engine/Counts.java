package dev.noria.engine;

import dev.noria.job.JobState;
import dev.noria.job.QueueCounts;
import java.util.EnumMap;
import java.util.Map;

/** How many jobs of a queue are in each state, kept with every change. */
final class Counts {
  private final Map<JobState, Cell> cells = new EnumMap<>(JobState.class);
  private long total;

  private static final class Cell {
    long jobs;
  }

  Counts() {
    for (JobState state : JobState.values()) {
      cells.put(state, new Cell());
    }
  }

  void add(JobState state) {
    cell(state).jobs++;
    total++;
  }

  void remove(JobState state) {
    cell(state).jobs--;
    total--;
  }

  void move(JobState from, JobState to) {
    cell(from).jobs--;
    cell(to).jobs++;
  }

  private Cell cell(JobState state) {
    Cell cell = cells.get(state);
    if (cell == null) {
      throw new IllegalStateException("No cell for " + state + ".");
    }
    return cell;
  }

  long total() {
    return total;
  }

  QueueCounts snapshot() {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    cells.forEach((state, cell) -> counts.put(state, cell.jobs));
    return new QueueCounts(counts);
  }
}
