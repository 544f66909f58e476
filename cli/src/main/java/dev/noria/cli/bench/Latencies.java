package dev.noria.cli.bench;

import java.util.Arrays;

/** Durations in nanoseconds; for one thread until it is merged. */
final class Latencies {
  private long[] nanos;
  private int size;

  Latencies(int expected) {
    nanos = new long[Math.max(1, expected)];
  }

  void add(long value) {
    if (size == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * size);
    }
    nanos[size++] = value;
  }

  void addAll(Latencies other) {
    for (int i = 0; i < other.size; i++) {
      add(other.nanos[i]);
    }
  }

  /** The smallest value that {@code share} of all values do not exceed. */
  double millis(double share) {
    if (size == 0) {
      throw new IllegalStateException("Nothing was measured.");
    }
    long[] sorted = Arrays.copyOf(nanos, size);
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(share * size) - 1)] / 1e6;
  }
}
