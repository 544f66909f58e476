package dev.noria.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process needed.
 *
 * @param cpuMicros processor time a job, of all threads
 * @param heapMb live heap, after a full collection
 */
record Usage(double cpuMicros, double heapMb) {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /** Processor time so far, in nanoseconds. */
  static long cpuNanos() {
    return SYSTEM.getProcessCpuTime();
  }

  /** Since {@code cpuNanos}, shared by {@code jobs}; collects garbage, so call it off the clock. */
  static Usage since(long cpuNanos, long jobs) {
    double micros = (cpuNanos() - cpuNanos) / 1e3 / jobs;
    System.gc();
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    return new Usage(micros, used / 1e6);
  }
}
