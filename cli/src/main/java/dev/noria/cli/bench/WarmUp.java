package dev.noria.cli.bench;

import java.util.concurrent.TimeUnit;

/**
 * Runs that do not count, until they have gone on for two seconds: by then the JVM has compiled
 * what matters. Meanwhile the runs that follow get their size: a fast storage is given more jobs
 * than were asked for, until a run lasts. Not thread-safe.
 */
final class WarmUp {
  private static final double ENOUGH_SECONDS = 2;

  private static final int MOST_RUNS = 10;

  /** Of a size that somebody asked for: whoever wants runs of a few jobs is in a hurry. */
  private static final int MOST_GIVEN_RUNS = 4;

  private static final double LEAST_SECONDS = 0.5;
  private static final int MOST_JOBS = 1_000_000;

  private final boolean grows;
  private final int mostRuns;
  private int jobs;
  private int runs;
  private double seconds;
  private boolean lasting;

  WarmUp(int jobs, boolean grows) {
    this(jobs, grows, grows ? MOST_RUNS : MOST_GIVEN_RUNS);
  }

  private WarmUp(int jobs, boolean grows, int mostRuns) {
    this.jobs = jobs;
    this.grows = grows;
    this.mostRuns = mostRuns;
    this.lasting = !grows;
  }

  /** One run, for those that start a JVM of their own each time. */
  static WarmUp once(int jobs) {
    return new WarmUp(jobs, false, 1);
  }

  /** How many jobs the next run has. */
  int jobs() {
    return jobs;
  }

  boolean isDone() {
    return runs == mostRuns || (lasting && seconds >= ENOUGH_SECONDS);
  }

  /**
   * A run has ended.
   *
   * @param nanos how long it took as a whole, with whatever was off its clock
   */
  void ran(Sample sample, long nanos) {
    runs++;
    Double rate = sample.rate();
    double clocked = rate == null ? nanos / (double) TimeUnit.SECONDS.toNanos(1) : jobs / rate;
    seconds += clocked;
    lasting = !grows || clocked >= LEAST_SECONDS || jobs >= MOST_JOBS;
    if (!lasting) {
      jobs = Math.min(MOST_JOBS, 2 * jobs);
    }
  }
}
