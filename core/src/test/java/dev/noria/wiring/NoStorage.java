package dev.noria.wiring;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import dev.noria.storage.StorageInfo;
import dev.noria.storage.StorageUri;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A storage that is never called.
 *
 * @param uri how it was opened
 */
record NoStorage(StorageUri uri) implements JobStorage {
  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    throw unused();
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    throw unused();
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    throw unused();
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    throw unused();
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    throw unused();
  }

  @Override
  public StorageInfo info() {
    throw unused();
  }

  @Override
  public void close() {}

  private static UnsupportedOperationException unused() {
    return new UnsupportedOperationException("Wiring does not call storages.");
  }
}
