package dev.noria;

import static java.util.Objects.requireNonNull;

import dev.noria.kernel.QueueLife;
import dev.noria.kernel.Setup;
import dev.noria.kernel.SystemTime;
import dev.noria.kernel.ThreadDriver;
import dev.noria.plugin.TimeSource;
import dev.noria.storage.JobStorage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what can be said about a queue before it is used. What is said twice is an error at
 * once; a value out of range is reported with all other problems when the queue opens. Not
 * thread-safe.
 */
public final class JobQueueBuilder {
  private final Map<String, String> settings = new LinkedHashMap<>();
  private @Nullable Supplier<? extends JobStorage> storage;
  private @Nullable Discovery discovery;
  private @Nullable Executor executor;
  private @Nullable TimeSource time;
  private @Nullable LoopDriver driver;

  JobQueueBuilder() {}

  /** The storage by its address; the same as the setting {@code noria.storage}. */
  public JobQueueBuilder storage(String address) {
    return setting("noria.storage", address);
  }

  /** The storage by code; opened when the queue is first used, and closed with it. */
  public JobQueueBuilder storage(Supplier<? extends JobStorage> open) {
    once("storage", storage);
    storage = requireNonNull(open, "open");
    return this;
  }

  /** Most handlers at once: 1 to 10 000, default 16. */
  public JobQueueBuilder concurrency(int handlers) {
    return setting("noria.worker.concurrency", Integer.toString(handlers));
  }

  /**
   * How long a lease holds without a heartbeat: 100 ms to a day, default 30 s. After a crash its
   * jobs run again when it has expired; a heartbeat is sent every third of it.
   */
  public JobQueueBuilder lease(Duration lease) {
    return setting("noria.worker.lease", lease.toString());
  }

  /** How long running handlers may go on when the worker stops: 0 to a day, default 30 s. */
  public JobQueueBuilder grace(Duration grace) {
    return setting("noria.worker.grace", grace.toString());
  }

  /** How long an attempt may run when its job says nothing: default for ever. */
  public JobQueueBuilder timeout(Duration timeout) {
    return setting("noria.worker.timeout", timeout.toString());
  }

  /** How long an enqueue waits for a storage that does not answer: 1 ms to a day, default 30 s. */
  public JobQueueBuilder enqueueTimeout(Duration timeout) {
    return setting("noria.enqueue.timeout", timeout.toString());
  }

  /** Any setting by its whole key, such as {@code noria.plugins.retries.max-attempts}. */
  public JobQueueBuilder setting(String key, String value) {
    once("setting " + key, settings.put(key, requireNonNull(value, "value")));
    return this;
  }

  /** Which plugins on the class path are installed; default {@link Discovery#all()}. */
  public JobQueueBuilder discovery(Discovery which) {
    once("discovery", discovery);
    discovery = requireNonNull(which, "which");
    return this;
  }

  /** Runs the handlers; default: virtual threads where the JDK has them, else its own threads. */
  public JobQueueBuilder executor(Executor handlers) {
    once("executor", executor);
    executor = requireNonNull(handlers, "handlers");
    return this;
  }

  /** Where the time comes from; for tests. */
  public JobQueueBuilder time(TimeSource source) {
    once("time", time);
    time = requireNonNull(source, "source");
    return this;
  }

  /** Who turns the loops; for tests. */
  public JobQueueBuilder driver(LoopDriver loops) {
    once("driver", driver);
    driver = requireNonNull(loops, "loops");
    return this;
  }

  private static void once(String what, @Nullable Object before) {
    if (before != null) {
      throw new IllegalStateException("The " + what + " was given twice. Give it once.");
    }
  }

  /** The queue; it opens its storage when it is first used. */
  public JobQueue build() {
    Discovery which = discovery == null ? Discovery.all() : discovery;
    return new JobQueue(
        new QueueLife(
            new Setup.Environment(
                time == null ? SystemTime.INSTANCE : time,
                driver == null ? new ThreadDriver() : driver,
                executor,
                Map.copyOf(settings),
                which.enabled(),
                which.disabled(),
                storage)));
  }
}
