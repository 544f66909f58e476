package dev.noria.kernel;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.plugin.JobEvent;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The one decorator around the storage: times each call, tells listeners, turns whatever else is
 * thrown into {@link StorageException}, and remembers whether the storage answers.
 */
final class GuardedStorage implements JobStorage {
  private final JobStorage storage;
  private final KernelClock clock;
  private final Listeners listeners;
  private final StorageInfo info;
  private final StorageHealth health = new StorageHealth();

  GuardedStorage(JobStorage storage, KernelClock clock, Listeners listeners) {
    this.storage = storage;
    this.clock = clock;
    this.listeners = listeners;
    this.info = storage.info();
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    return timed("enqueue", jobs.size(), () -> storage.enqueue(call, jobs, now));
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    Exchange exchange =
        timed("exchange", acks.size(), () -> storage.exchange(call, acks, request, now));
    clock.sampled(exchange.serverTime());
    return exchange;
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return timed("extend", leases.size(), () -> storage.extend(leases, expiresAt, now));
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    return timed("maintain", limit, () -> storage.maintain(limit, now));
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return timed("find", ids.size(), () -> storage.find(ids, parts));
  }

  @Override
  public StorageInfo info() {
    return info;
  }

  @Override
  public <T extends Capability> Optional<T> capability(Class<T> type) {
    return storage.capability(type);
  }

  @Override
  public void close() {
    storage.close();
  }

  StorageHealth health() {
    return health;
  }

  /** Guards one call of a capability, as the calls of the storage itself are guarded. */
  <T> T timed(String operation, int items, Supplier<T> call) {
    if (listeners.isEmpty()) {
      return translated(operation, call);
    }
    long start = clock.nanos();
    String error = null;
    try {
      return translated(operation, call);
    } catch (StorageException e) {
      error = e.kind().name();
      throw e;
    } finally {
      Duration took = Duration.ofNanos(clock.nanos() - start);
      listeners.tell(new JobEvent.StorageCalled(clock.now(), operation, items, took, error));
    }
  }

  private <T> T translated(String operation, Supplier<T> call) {
    try {
      T answer = call.get();
      health.answered();
      return answer;
    } catch (StorageException e) {
      health.failed(e, clock.nanos());
      throw e;
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
