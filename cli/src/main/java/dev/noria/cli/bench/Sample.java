package dev.noria.cli.bench;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run of one workload came to.
 *
 * @param rate jobs per second; null where only the time of single jobs counts
 * @param rawRate what the bare driver did in the same minute; null where there is none
 * @param ratio of the two; for workload L the median time over that of the bare driver, for D the
 *     cost behind a deep backlog over that of a shallow one
 * @param p50Millis of single calls; null where they are not timed
 * @param p99Millis of single calls
 * @param cpuMicros process time a job
 * @param heapMb live heap at the end of the run
 * @param batch jobs per storage call
 */
record Sample(
    @Nullable Double rate,
    @Nullable Double rawRate,
    @Nullable Double ratio,
    @Nullable Double p50Millis,
    @Nullable Double p99Millis,
    @Nullable Double cpuMicros,
    @Nullable Double heapMb,
    @Nullable Double batch) {

  static Sample of(double rate, Usage usage, double batch) {
    return new Sample(rate, null, null, null, null, usage.cpuMicros(), usage.heapMb(), batch);
  }

  Sample withTimes(Latencies times) {
    double p50 = times.millis(0.5);
    double p99 = times.millis(0.99);
    return new Sample(rate, rawRate, ratio, p50, p99, cpuMicros, heapMb, batch);
  }

  Sample withoutRate() {
    return new Sample(null, rawRate, ratio, p50Millis, p99Millis, cpuMicros, heapMb, batch);
  }

  /** Beside the bare driver; nothing changes where there is no bare driver. */
  Sample against(@Nullable Double raw) {
    return raw == null || rate == null
        ? this
        : new Sample(rate, raw, rate / raw, p50Millis, p99Millis, cpuMicros, heapMb, batch);
  }

  /** The same for workload L, which is about time. */
  Sample againstTime(@Nullable Double millis) {
    return millis == null || p50Millis == null ? this : withRatio(p50Millis / millis);
  }

  Sample withRatio(double value) {
    return new Sample(rate, rawRate, value, p50Millis, p99Millis, cpuMicros, heapMb, batch);
  }

  /** The run in the middle by what the workload is about. */
  static Sample median(List<Sample> runs) {
    List<Sample> sorted =
        runs.stream().sorted(Comparator.comparingDouble(Sample::judgedBy)).toList();
    return sorted.get(sorted.size() / 2);
  }

  private double judgedBy() {
    if (rate != null) {
      return rate;
    }
    return p50Millis == null ? 0 : p50Millis;
  }
}
