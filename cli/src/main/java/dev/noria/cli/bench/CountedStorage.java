package dev.noria.cli.bench;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import dev.noria.storage.StorageInfo;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/** Counts how many jobs share a call. Thread-safe. */
final class CountedStorage implements JobStorage {
  private final JobStorage storage;
  private final Calls enqueues = new Calls();
  private final Calls acks = new Calls();

  /** How many calls, and how many jobs they carried. */
  static final class Calls {
    private final LongAdder calls = new LongAdder();
    private final LongAdder jobs = new LongAdder();

    private void count(int size) {
      if (size > 0) {
        calls.increment();
        jobs.add(size);
      }
    }

    double jobsPerCall() {
      return (double) jobs.sum() / Math.max(1, calls.sum());
    }
  }

  CountedStorage(JobStorage storage) {
    this.storage = storage;
  }

  Calls enqueues() {
    return enqueues;
  }

  Calls acks() {
    return acks;
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    enqueues.count(jobs.size());
    return storage.enqueue(call, jobs, now);
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> done, DequeueRequest request, Instant now) {
    acks.count(done.size());
    return storage.exchange(call, done, request, now);
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return storage.extend(leases, expiresAt, now);
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    return storage.maintain(limit, now);
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return storage.find(ids, parts);
  }

  @Override
  public StorageInfo info() {
    return storage.info();
  }

  @Override
  public <T extends Capability> Optional<T> capability(Class<T> type) {
    return storage.capability(type);
  }

  @Override
  public void close() {
    storage.close();
  }
}
