package dev.noria.cli.bench;

import dev.noria.storage.Durability;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * One line of the report; null where something does not apply.
 *
 * @param storage its address, without secrets
 * @param workload which one; {@code L-process} is L with the caller in another process
 * @param jobs how many were timed in each run
 * @param rate jobs per second
 * @param rawRate the same of the bare driver
 * @param ratio rate / raw rate; for L p50 / that of the bare driver; for D the cost of a job behind
 *     a deep backlog / a shallow one
 * @param p50Ms of single calls, or for L until the handler started
 * @param p99Ms the same
 * @param cpuUsPerJob process time
 * @param heapMb live heap at the end
 * @param durability what an OK survives
 * @param batch jobs per storage call
 */
record Result(
    String storage,
    String workload,
    int jobs,
    @Nullable Double rate,
    @Nullable Double rawRate,
    @Nullable Double ratio,
    @Nullable Double p50Ms,
    @Nullable Double p99Ms,
    @Nullable Double cpuUsPerJob,
    @Nullable Double heapMb,
    Durability durability,
    @Nullable Double batch) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
  private static final String ROW = "%-10s %9s %11s %11s %6s %8s %8s %8s %8s %7s";

  static Result of(Subject subject, String workload, Measuring.Measured measured) {
    Sample sample = measured.median();
    return new Result(
        subject.address(),
        workload,
        measured.jobs(),
        rounded(sample.rate(), 0),
        rounded(sample.rawRate(), 0),
        rounded(sample.ratio(), 3),
        rounded(sample.p50Millis(), 4),
        rounded(sample.p99Millis(), 4),
        rounded(sample.cpuMicros(), 2),
        rounded(sample.heapMb(), 1),
        subject.durability(),
        rounded(sample.batch(), 1));
  }

  /** What is measured. */
  record Subject(String address, Durability durability) {}

  private static @Nullable Double rounded(@Nullable Double value, int digits) {
    double scale = Math.pow(10, digits);
    return value == null ? null : Math.round(value * scale) / scale;
  }

  String toJson() {
    return MAPPER.writeValueAsString(this);
  }

  static String header() {
    return String.format(
        ROW,
        "workload",
        "jobs",
        "jobs/s",
        "raw jobs/s",
        "ratio",
        "p50 ms",
        "p99 ms",
        "cpu µs",
        "heap MB",
        "batch");
  }

  String toRow() {
    return String.format(
        ROW,
        workload,
        String.format(Locale.ROOT, "%,d", jobs),
        cell("%,.0f", rate),
        cell("%,.0f", rawRate),
        cell("%.2f", ratio),
        cell("%.3f", p50Ms),
        cell("%.3f", p99Ms),
        cell("%.1f", cpuUsPerJob),
        cell("%.1f", heapMb),
        cell("%.1f", batch));
  }

  private static String cell(String format, @Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, format, value);
  }
}
