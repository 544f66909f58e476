package dev.noria.tck.model;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Deviation;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import dev.noria.storage.StorageInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes the named exceptions that it is told to take, and declares those it is told to declare. In
 * the middle of one it waits a moment for somebody else to call, so that there is somebody to see.
 */
final class DeviantStorage implements JobStorage {
  private static final int EXTRA = 3;
  private static final long PATIENCE_NANOS = 10_000_000;
  private static final long LOOK_NANOS = 20_000;

  /** Of clients of its own: no caller counts down from there. */
  private static final AtomicLong CLIENTS = new AtomicLong(Long.MAX_VALUE);

  private final JobStorage inner;
  private final Set<Deviation> takes;
  private final Set<Deviation> declares;
  private final Map<Long, List<LeasedJob>> extras = new ConcurrentHashMap<>();
  private final AtomicLong finds = new AtomicLong();
  private final AtomicLong exchanges = new AtomicLong();

  DeviantStorage(JobStorage inner, Set<Deviation> takes, Set<Deviation> declares) {
    this.inner = inner;
    this.takes = Set.copyOf(takes);
    this.declares = Set.copyOf(declares);
  }

  private static void awaitNext(AtomicLong calls) {
    long seen = calls.get();
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (calls.get() == seen && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static CallId ownCall() {
    return new CallId(CLIENTS.getAndDecrement(), 1);
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    if (!takes.contains(Deviation.SHARED_BATCH_VISIBLE_IN_PARTS)) {
      return inner.enqueue(call, jobs, now);
    }
    List<EnqueueReceipt> receipts = new ArrayList<>();
    for (NewJob job : jobs) {
      receipts.addAll(inner.enqueue(ownCall(), List.of(job), now));
      if (receipts.size() == 1) {
        awaitNext(finds);
      }
    }
    return receipts;
  }

  /** Takes more than was asked for, as from a batch file, and gives it back at the next call. */
  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    if (!takes.contains(Deviation.RETURNED_JOBS_MAY_BE_OVERTAKEN) || request.total() == 0) {
      return inner.exchange(call, acks, request, now);
    }
    giveBack(request.nonce(), now);
    exchanges.incrementAndGet();
    Exchange all = inner.exchange(call, acks, larger(request), now);
    int asked = Math.min(request.total(), all.jobs().size());
    extras.put(request.nonce(), all.jobs().subList(asked, all.jobs().size()));
    if (!all.jobs().isEmpty()) {
      awaitNext(exchanges);
    }
    return new Exchange(
        all.receipts(),
        all.jobs().subList(0, asked),
        all.nextDue(),
        all.ended(),
        all.pausedQueues(),
        all.serverTime());
  }

  private void giveBack(long nonce, Instant now) {
    List<LeasedJob> back = extras.remove(nonce);
    if (back != null && !back.isEmpty()) {
      List<Ack> released = new ArrayList<>();
      back.forEach(job -> released.add(new Ack.Released(job.lease(), null, null)));
      inner.ack(ownCall(), released, now);
    }
  }

  private static DequeueRequest larger(DequeueRequest request) {
    List<Demand> demands = new ArrayList<>();
    request.demands().forEach(one -> demands.add(new Demand(one.queue(), one.limit() + EXTRA)));
    return new DequeueRequest(
        request.owner(),
        request.nonce(),
        request.expiresAt(),
        demands,
        request.total() + EXTRA,
        request.maxBytes(),
        request.park(),
        request.policyVersion());
  }

  @Override
  public StorageInfo info() {
    StorageInfo info = inner.info();
    return new StorageInfo(
        info.name(),
        info.location(),
        info.durability(),
        info.limits(),
        declares,
        info.callerRuns());
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return inner.extend(leases, expiresAt, now);
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    return inner.maintain(limit, now);
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    List<StoredJob> found = inner.find(ids, parts);
    finds.incrementAndGet();
    return found;
  }

  @Override
  public <T extends Capability> Optional<T> capability(Class<T> type) {
    return inner.capability(type);
  }

  @Override
  public void close() {
    inner.close();
  }
}
