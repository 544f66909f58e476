package dev.noria.kernel;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.plugin.JobEvent;
import dev.noria.plugin.StorageObserver;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The one decorator around the storage and its capabilities: times each call, tells listeners,
 * turns whatever else is thrown into {@link StorageException}, and remembers whether the storage
 * answers. A storage that an interrupt could hurt is called on threads of its own.
 */
final class GuardedStorage implements JobStorage {
  /** Signals have a connection of their own: without it the storage may well answer. */
  private static final String LISTEN = "listen";

  /** In place of a kind of StorageException: the caller's argument was wrong. */
  private static final String MISTAKE = "ARGUMENT";

  private final JobStorage storage;
  private final KernelClock clock;
  private final Listeners listeners;
  private final StorageObservers observers;
  private final StorageInfo info;
  private final StorageHealth health = new StorageHealth();
  private final @Nullable StorageThreads threads;
  private final Map<Class<?>, Optional<?>> capabilities = new ConcurrentHashMap<>();

  GuardedStorage(
      JobStorage storage, KernelClock clock, Listeners listeners, StorageObservers observers) {
    this.storage = storage;
    this.clock = clock;
    this.listeners = listeners;
    this.observers = observers;
    this.info = storage.info();
    this.threads = info.callerRuns() ? null : new StorageThreads();
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    return guarded(
        "enqueue", jobs.size(), GuardedStorage::none, () -> storage.enqueue(call, jobs, now));
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    long sentNanos = clock.nanos();
    Exchange exchange =
        guarded(
            "exchange",
            acks.size(),
            answer -> answer.jobs().size(),
            () -> storage.exchange(call, acks, request, now));
    clock.sampled(exchange.serverTime(), sentNanos);
    return exchange;
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return guarded(
        "extend",
        leases.size(),
        GuardedStorage::none,
        () -> storage.extend(leases, expiresAt, now));
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    return guarded("maintain", 0, GuardedStorage::touched, () -> storage.maintain(limit, now));
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return guarded("find", ids.size(), GuardedStorage::none, () -> storage.find(ids, parts));
  }

  @Override
  public StorageInfo info() {
    return info;
  }

  @Override
  public <T extends Capability> Optional<T> capability(Class<T> type) {
    Optional<?> guarded =
        capabilities.computeIfAbsent(
            type, any -> storage.capability(type).map(it -> GuardedCapability.of(this, type, it)));
    return guarded.map(type::cast);
  }

  @Override
  public void close() {
    if (threads == null) {
      storage.close();
      return;
    }
    boolean ignored =
        threads.call(
            () -> {
              storage.close();
              return true;
            });
    threads.close();
  }

  private static int none(Object answer) {
    return 0;
  }

  private static int touched(Maintained done) {
    int ended = done.ended().size() + done.purged().size();
    return done.reclaimed().size() + done.released().size() + ended + done.healed();
  }

  StorageHealth health() {
    return health;
  }

  /** A wrong argument of whoever called a capability: no trouble of the storage. */
  static final class Mistake extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final IllegalArgumentException argument;

    Mistake(IllegalArgumentException argument) {
      super(argument);
      this.argument = argument;
    }
  }

  /**
   * Makes a call of the storage itself, where it may run.
   *
   * @param sent how many items go there
   * @param back how many come back besides
   */
  private <T> T guarded(
      String operation, int sent, ToIntFunction<? super T> back, Supplier<T> call) {
    return timed(operation, sent, back, () -> where(() -> translated(operation, call)));
  }

  /** Makes a call of a capability, on the caller's thread if it has to be. */
  <T> T asked(String operation, boolean onCaller, Supplier<T> call) {
    Supplier<T> translated = () -> translated(operation, call);
    return timed(
        operation, 1, GuardedStorage::none, onCaller ? translated : () -> where(translated));
  }

  private <T> T where(Supplier<T> call) {
    return threads == null ? call.get() : threads.call(call);
  }

  private <T> T timed(String operation, int sent, ToIntFunction<? super T> back, Supplier<T> call) {
    if (observers.isEmpty() && !listeners.want(JobEvent.StorageCalled.class)) {
      return call.get();
    }
    Observed observed = new Observed(operation, observers.begins(operation), clock.nanos());
    try {
      @Nullable T answer = call.get();
      ended(observed, answer == null ? sent : sent + back.applyAsInt(answer), null);
      return answer;
    } catch (Throwable e) {
      ended(observed, sent, e instanceof StorageException known ? known.kind().name() : MISTAKE);
      throw e;
    }
  }

  /** A call that is on its way. */
  private record Observed(String operation, StorageObserver.Call call, long startNanos) {}

  private void ended(Observed observed, int items, @Nullable String error) {
    long tookNanos = clock.nanos() - observed.startNanos();
    observed.call().ended(items, tookNanos, error);
    if (listeners.want(JobEvent.StorageCalled.class)) {
      Duration took = Duration.ofNanos(tookNanos);
      listeners.tell(
          new JobEvent.StorageCalled(clock.now(), observed.operation(), items, took, error));
    }
  }

  private <T> T translated(String operation, Supplier<T> call) {
    try {
      T answer = call.get();
      health.answered(clock);
      return answer;
    } catch (StorageException e) {
      if (!operation.equals(LISTEN)) {
        health.failed(e, clock.nanos());
      }
      throw e;
    } catch (Mistake e) {
      throw e.argument;
    } catch (Throwable e) {
      String message =
          "The storage "
              + info.name()
              + " failed in "
              + operation
              + " with "
              + e.getClass().getName()
              + ". Expected an answer or a StorageException; this is a bug of the storage.";
      // Nobody can say how far it came: who is told otherwise enqueues a second time.
      StorageException failure =
          new StorageException(StorageException.Kind.INTERNAL, true, message, e);
      health.failed(failure, clock.nanos());
      throw failure;
    }
  }
}
