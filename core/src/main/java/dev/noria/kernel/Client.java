package dev.noria.kernel;

import dev.noria.chain.Chains;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKind;
import dev.noria.job.JobOption;
import dev.noria.job.JobRequest;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.QueuePolicy;
import dev.noria.job.RejectedException;
import dev.noria.job.StoredJob;
import dev.noria.plugin.Jobs;
import dev.noria.storage.Administration;
import dev.noria.storage.Capability;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageException;
import dev.noria.wiring.Services;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The calling side of the kernel: enqueues through the chain, looks, and changes. Works without a
 * worker. Thread-safe.
 */
public final class Client implements Jobs {
  private final GuardedStorage storage;
  private final KernelClock clock;
  private final Payloads payloads;
  private final Listeners listeners;
  private final Services services;
  private final JobMaker maker;
  private final Calls calls;
  private final EnqueuePath path;
  private final AtomicLong policyVersion = new AtomicLong();
  private volatile @Nullable Chains chains;

  Client(ClientParts parts, JobMaker maker, Calls calls, EnqueuePath path) {
    this.storage = parts.storage();
    this.clock = parts.clock();
    this.payloads = parts.payloads();
    this.listeners = parts.listeners();
    this.services = parts.services();
    this.maker = maker;
    this.calls = calls;
    this.path = path;
  }

  /** What a client is made of. */
  record ClientParts(
      GuardedStorage storage,
      KernelClock clock,
      Payloads payloads,
      Listeners listeners,
      Services services) {}

  /** The chains are compiled after the plugins have got this client. */
  void compiled(Chains compiled) {
    chains = compiled;
  }

  Chains chains() {
    Chains compiled = chains;
    if (compiled == null) {
      throw new IllegalStateException(
          "A plugin used Jobs while the queue was being opened. Use it from onStart, a loop or a"
              + " middleware.");
    }
    return compiled;
  }

  @Override
  public <P> EnqueueReceipt enqueue(JobKind<P> kind, P payload, JobOption... options) {
    return enqueue(new JobRequest<>(kind, payload, List.of(options)));
  }

  /** Enqueues one request; throws when it is refused. */
  public EnqueueReceipt enqueue(JobRequest<?> request) {
    NewJob job = prepare(request);
    return accepted(job, enqueuePrepared(List.of(job)).get(0));
  }

  /** The receipt, unless the job was refused. */
  public static EnqueueReceipt accepted(NewJob job, EnqueueReceipt receipt) {
    if (receipt.status() == EnqueueReceipt.Status.REJECTED) {
      throw new RejectedException(job.id(), job.type(), String.valueOf(receipt.reason()));
    }
    return receipt;
  }

  @Override
  public List<EnqueueReceipt> enqueueAll(List<? extends JobRequest<?>> requests) {
    List<NewJob> jobs = new ArrayList<>(requests.size());
    for (JobRequest<?> request : requests) {
      jobs.add(prepare(request));
    }
    return enqueuePrepared(jobs);
  }

  /** A fresh id. */
  public JobId newId() {
    return maker.newId();
  }

  @Override
  public NewJob prepare(JobRequest<?> request) {
    return maker.job(request);
  }

  @Override
  public List<EnqueueReceipt> enqueuePrepared(List<NewJob> jobs) {
    return jobs.isEmpty() ? List.of() : chains().enqueue(jobs, path::store);
  }

  @Override
  public List<EnqueueReceipt> enqueuePrepared(
      List<NewJob> jobs, Function<List<NewJob>, List<EnqueueReceipt>> storing) {
    return jobs.isEmpty()
        ? List.of()
        : chains().enqueue(jobs, accepted -> path.storeBy(storing, accepted));
  }

  /** Enqueues inside somebody's transaction. */
  public List<EnqueueReceipt> enqueuePrepared(List<NewJob> jobs, Connection connection) {
    JdbcTransactions transactions = capability(JdbcTransactions.class);
    return enqueuePrepared(jobs, each -> transactions.enqueue(connection, each, clock.now()));
  }

  @Override
  public Optional<StoredJob> find(JobId id, Set<Part> parts) {
    return find(List.of(id), parts).stream().findFirst();
  }

  /** The jobs as stored, payload stages undone in error texts. */
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return storage.find(ids, parts).stream().map(this::readable).toList();
  }

  private StoredJob readable(StoredJob job) {
    return StoredView.of(job, payloads);
  }

  @Override
  public void cancel(Collection<JobId> ids) {
    List<Administration.ChangeReceipt> ignored = cancelled(ids);
  }

  /** Cancels; says what became of each. */
  public List<Administration.ChangeReceipt> cancelled(Collection<JobId> ids) {
    List<Administration.ChangeReceipt> receipts =
        capability(Administration.class).cancel(ids, clock.now());
    for (Administration.ChangeReceipt receipt : receipts) {
      if (receipt.status() == Administration.ChangeStatus.APPLIED) {
        OutcomeLog.STANDARD.cancelled(receipt.id());
      }
    }
    return receipts;
  }

  /** Stores the policy of a queue, and asks for it in every dequeue from now on. */
  public void setPolicy(String queue, QueuePolicy policy) {
    long version = capability(Administration.class).setPolicy(queue, policy, clock.now());
    policyVersion.accumulateAndGet(version, Math::max);
  }

  long policyVersion() {
    return policyVersion.get();
  }

  /** What the storage can do, or a clear error. */
  public <T extends Capability> T capability(Class<T> type) {
    return storage
        .capability(type)
        .orElseThrow(
            () ->
                new StorageException(
                    StorageException.Kind.LIMIT,
                    "The storage "
                        + storage.info().name()
                        + " can not do "
                        + type.getSimpleName()
                        + ". Expected a storage with this capability; use another one."));
  }

  /** The kernel's clock. */
  public KernelClock clock() {
    return clock;
  }

  /** The guarded storage. */
  public JobStorage storage() {
    return storage;
  }

  StorageHealth health() {
    return storage.health();
  }

  /** The codec with its stages. */
  public Payloads payloads() {
    return payloads;
  }

  Listeners listeners() {
    return listeners;
  }

  Services services() {
    return services;
  }

  Calls calls() {
    return calls;
  }
}
