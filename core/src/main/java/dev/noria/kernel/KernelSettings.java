package dev.noria.kernel;

import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Settings;
import dev.noria.wiring.ProblemCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kernel's own settings, read once and checked: {@code noria.worker.…}. */
final class KernelSettings {
  private final Settings settings;
  private final List<Problem> problems;
  final WorkerOptions worker;
  final Duration enqueueTimeout;

  KernelSettings(Settings settings, List<Problem> problems) {
    this.settings = settings;
    this.problems = problems;
    this.worker =
        new WorkerOptions(
            concurrency(),
            between("worker.lease", "30s", Duration.ofMillis(100), Duration.ofDays(1)),
            between("worker.grace", "30s", Duration.ZERO, Duration.ofDays(1)),
            between("worker.abandon-after", "10s", Duration.ofMillis(1), Duration.ofDays(1)),
            between("worker.stall-after", "45s", Duration.ofMillis(10), Duration.ofDays(1)),
            timeout());
    this.enqueueTimeout =
        between("enqueue.timeout", "30s", Duration.ofMillis(1), Duration.ofDays(1));
  }

  private @Nullable Duration timeout() {
    return settings.duration("worker.timeout").isPresent()
        ? between("worker.timeout", "none", Duration.ofMillis(1), Duration.ofDays(365))
        : null;
  }

  private int concurrency() {
    int value = settings.number("worker.concurrency").orElse(16);
    if (value < 1 || value > 10_000) {
      problems.add(
          ProblemCode.BAD_SETTING.problem(
              "The setting noria.worker.concurrency has the value '"
                  + value
                  + "'. Expected 1 to"
                  + " 10000 handlers at once. Correct it, or remove it to get 16."));
      return 1;
    }
    return value;
  }

  private Duration between(String name, String standard, Duration least, Duration most) {
    Optional<Duration> given = settings.duration(name);
    Duration value = given.orElseGet(() -> Duration.parse("PT" + standard));
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      problems.add(
          ProblemCode.BAD_SETTING.problem(
              "The setting noria."
                  + name
                  + " has the value '"
                  + value
                  + "'. Expected "
                  + least
                  + " to "
                  + most
                  + ". Correct it, or remove it to get "
                  + standard
                  + "."));
      return least;
    }
    return value;
  }
}
