package dev.noria.retries;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.job.Outcome;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.DutyCycle;
import dev.noria.plugin.Installer;
import dev.noria.plugin.JobListener;
import dev.noria.plugin.PayloadStage;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.Settings;
import dev.noria.plugin.StorageObserver;
import dev.noria.plugin.TimeSource;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** A plugin that is installed, so that its middleware can be called. */
final class Installed implements Installer {
  private final Settings settings;
  private final RandomGenerator random;
  Placement placement;
  private Middleware middleware;

  private Installed(Settings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  static Installed of(Plugin plugin) {
    return of(plugin, Map.of(), Sample.MIDDLE);
  }

  static Installed of(Plugin plugin, Map<String, String> settings, RandomGenerator random) {
    Installed installed = new Installed(Sample.settings(settings), random);
    plugin.install(installed);
    return installed;
  }

  Outcome process(LeasedJob job, Outcome inner) {
    return middleware.process(Sample.chain(job, inner));
  }

  /** What becomes of an attempt that threw. */
  Outcome failed(LeasedJob job, Throwable error) {
    return process(job, new Outcome.Failed(error));
  }

  /** The jobs as they reach the storage. */
  List<NewJob> enqueue(NewJob... jobs) {
    List<NewJob> stored = new ArrayList<>();
    List<EnqueueReceipt> ignored = middleware.enqueue(chain(List.of(jobs), stored));
    return stored;
  }

  private static EnqueueChain chain(List<NewJob> jobs, List<NewJob> stored) {
    return new EnqueueChain() {
      @Override
      public List<NewJob> jobs() {
        return jobs;
      }

      @Override
      public void reject(NewJob job, String reason) {
        throw new AssertionError("Nothing is rejected.");
      }

      @Override
      public void answer(NewJob job, EnqueueReceipt receipt) {
        throw new AssertionError("Nothing is answered.");
      }

      @Override
      public List<EnqueueReceipt> proceed() {
        return proceed(jobs);
      }

      @Override
      public List<EnqueueReceipt> proceed(List<NewJob> changed) {
        stored.addAll(changed);
        return changed.stream().map(job -> EnqueueReceipt.enqueued(job.id())).toList();
      }

      @Override
      public Optional<String> settledBy(int index) {
        throw new AssertionError("Nobody looks on.");
      }
    };
  }

  @Override
  public Settings settings() {
    return settings;
  }

  @Override
  public TimeSource time() {
    return new TimeSource() {
      @Override
      public Instant now() {
        return Sample.NOW;
      }

      @Override
      public long nanos() {
        return 0;
      }
    };
  }

  @Override
  public void middleware(Placement where, Middleware added) {
    placement = where;
    middleware = added;
  }

  @Override
  public <T> Supplier<Optional<T>> find(Class<T> type) {
    return () -> type == RandomGenerator.class ? Optional.of(type.cast(random)) : Optional.empty();
  }

  @Override
  public void middleware(Placement where, Class<? extends Middleware> type) {
    throw unexpected();
  }

  @Override
  public void listen(JobListener listener) {
    throw unexpected();
  }

  @Override
  public void observe(StorageObserver observer) {
    throw unexpected();
  }

  @Override
  public void payloadStage(PayloadStage stage) {
    throw unexpected();
  }

  @Override
  public void storage(Supplier<? extends JobStorage> open) {
    throw unexpected();
  }

  @Override
  public void loop(String name, DutyCycle duty) {
    throw unexpected();
  }

  @Override
  public void onStart(Runnable action) {
    throw unexpected();
  }

  @Override
  public void onStop(Runnable action) {
    throw unexpected();
  }

  @Override
  public <T> void provide(Class<T> type, T service) {
    throw unexpected();
  }

  @Override
  public <T> Supplier<T> require(Class<T> type) {
    throw unexpected();
  }

  private static AssertionError unexpected() {
    return new AssertionError("The plugin is one middleware and nothing else.");
  }

  static Phase phase(Installed installed) {
    return installed.placement.phase();
  }
}
