package dev.noria.retries;

import dev.noria.job.Bytes;
import dev.noria.job.JobContext;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Outcome;
import dev.noria.job.Retention;
import dev.noria.middleware.ProcessChain;
import dev.noria.plugin.Settings;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Jobs, chains and settings for the tests of this module. */
final class Sample {
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  /** Draws the middle: no jitter. */
  static final RandomGenerator MIDDLE = drawing(0.5);

  private Sample() {}

  static RandomGenerator drawing(double value) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new AssertionError("Only nextDouble is expected.");
      }

      @Override
      public double nextDouble() {
        return value;
      }
    };
  }

  static LeasedJob job(String type, int attempt, int maxAttempts) {
    return job(type, attempt, maxAttempts, NOW);
  }

  static LeasedJob job(String type, int attempt, int maxAttempts, Instant runAt) {
    return new LeasedJob(
        new Lease(new JobId(0, 1), attempt, 7, Bytes.EMPTY),
        type,
        "default",
        Bytes.EMPTY,
        Map.of(),
        attempt,
        maxAttempts,
        0,
        0,
        0,
        null,
        null,
        runAt,
        runAt,
        null,
        null,
        Retention.NO_RESULT,
        false);
  }

  static NewJob newJob(String type, int maxAttempts) {
    return NewJob.builder(new JobId(0, 1), type, "default", Bytes.EMPTY)
        .maxAttempts(maxAttempts)
        .build();
  }

  /** A chain whose inside answers {@code outcome}. */
  static ProcessChain chain(LeasedJob job, Outcome outcome) {
    return new ProcessChain() {
      @Override
      public LeasedJob job() {
        return job;
      }

      @Override
      public JobContext context() {
        throw new AssertionError("The context is the handler's.");
      }

      @Override
      public <T> void provide(Class<T> type, T service) {
        throw new AssertionError("Nothing is provided.");
      }

      @Override
      public Outcome proceed() {
        return outcome;
      }

      @Override
      public Outcome proceed(LeasedJob changed) {
        throw new AssertionError("The job is not changed.");
      }

      @Override
      public Optional<String> stoppedBy() {
        throw new AssertionError("Nobody looks on.");
      }
    };
  }

  /** Settings that are all readable. */
  static Settings settings(Map<String, String> values) {
    return new Settings() {
      @Override
      public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
      }

      @Override
      public Optional<Integer> number(String name) {
        return text(name).map(Integer::valueOf);
      }

      @Override
      public Optional<Boolean> flag(String name) {
        return text(name).map(Boolean::valueOf);
      }

      @Override
      public Optional<Duration> duration(String name) {
        return text(name).map(Duration::parse);
      }

      @Override
      public Optional<Double> decimal(String name) {
        return text(name).map(Double::valueOf);
      }

      @Override
      public Set<String> names() {
        return values.keySet();
      }
    };
  }
}
