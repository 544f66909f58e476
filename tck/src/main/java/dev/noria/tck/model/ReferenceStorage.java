package dev.noria.tck.model;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import dev.noria.job.Page;
import dev.noria.job.Part;
import dev.noria.job.QueueCounts;
import dev.noria.job.QueuePolicy;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Durability;
import dev.noria.storage.Events;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import dev.noria.storage.Notes;
import dev.noria.storage.Registers;
import dev.noria.storage.Signals;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.StorageInfo;
import dev.noria.storage.Transfer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The whole contract in the heap, written to be read: what another storage answers is compared with
 * what this one does. Jobs live as long as the storage they were opened with, or one opened from
 * it. Thread-safe, by one lock around every call.
 */
public final class ReferenceStorage
    implements JobStorage, Inspection, Administration, Registers, Notes, Signals, Events, Transfer {
  /** What this storage can do: everything that needs no server and no database. */
  public static final Set<Class<? extends Capability>> CAPABILITIES =
      Set.of(
          Inspection.class,
          Administration.class,
          Registers.class,
          Notes.class,
          Signals.class,
          Events.class,
          Transfer.class);

  private final World world;
  private final Realm realm;
  private final Shelf shelf;
  private final Enqueues enqueues;
  private final Acks acks;
  private final Ends ends;
  private final Upkeep upkeep;
  private final Changes changes;
  private final Notebook notebook;
  private final Views views;
  private final List<Registration> registrations = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private ReferenceStorage(World world, String namespace) {
    world.checkFormat();
    this.world = world;
    this.realm = world.realm(namespace);
    this.shelf = realm.shelf;
    this.ends = new Ends(realm);
    this.enqueues = new Enqueues(realm, ends);
    this.acks = new Acks(realm, ends, enqueues);
    this.upkeep = new Upkeep(realm, ends, acks, shelf);
    this.changes = new Changes(realm, ends);
    this.notebook = new Notebook(realm, acks);
    this.views = new Views(realm);
  }

  /** An empty storage. */
  public static ReferenceStorage create() {
    return over(new World(new Decisions(), Durability.VOLATILE), "noria");
  }

  /** A storage of one namespace of a world. */
  static ReferenceStorage over(World world, String namespace) {
    world.lock.lock();
    try {
      return new ReferenceStorage(world, namespace);
    } finally {
      world.lock.unlock();
    }
  }

  /** Another storage at the same place, as a second process would have it. */
  public ReferenceStorage sibling(String namespace) {
    return over(world, namespace);
  }

  /** Does the work under the lock, then tells the listeners. */
  private <T> T unit(Supplier<T> work) {
    T answer;
    Runnable delivery;
    world.lock.lock();
    try {
      if (closed) {
        throw new StorageException(
            Kind.INTERNAL, "The storage is closed. Expected calls before close() only.");
      }
      answer = work.get();
      delivery = realm.hints.delivery();
    } finally {
      world.lock.unlock();
    }
    delivery.run();
    return answer;
  }

  private void unit(Runnable work) {
    unit(
        () -> {
          work.run();
          return true;
        });
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    return unit(() -> realm.calls.once(call, "enqueue", () -> enqueues.enqueue(jobs, now)));
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    return unit(() -> realm.calls.once(call, "exchange", () -> exchange(acks, request, now)));
  }

  private Exchange exchange(List<Ack> settled, DequeueRequest request, Instant now) {
    List<AckReceipt> receipts = acks.ack(settled, now);
    Dequeues dequeue = new Dequeues(realm, ends, request, now);
    dequeue.run();
    // Whoever goes to sleep now has seen all this work: it wakes only the others.
    realm.hints.settle();
    if (realm.decisions.sleeps(request, dequeue.jobs.size())) {
      realm.hints.sleep(request);
    }
    return new Exchange(
        receipts, dequeue.jobs, dequeue.nextDue, dequeue.report.ended, dequeue.paused, null);
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return unit(() -> acks.extend(leases, expiresAt));
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    return unit(() -> upkeep.maintain(limit, now));
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return unit(() -> views.find(ids, parts));
  }

  @Override
  public StorageInfo info() {
    return new StorageInfo(
        "reference", "heap", world.durability, Limits.defaults(), Set.of(), true);
  }

  @Override
  public void close() {
    closed = true;
    registrations.forEach(Registration::close);
  }

  @Override
  public Page<StoredJob> list(JobFilter filter, @Nullable String cursor, int limit) {
    return unit(() -> views.list(filter, cursor, limit));
  }

  @Override
  public QueueCounts counts(String queue) {
    return unit(() -> views.counts(queue));
  }

  @Override
  public Optional<Instant> oldestReady(String queue) {
    return unit(() -> views.oldestReady(queue));
  }

  @Override
  public List<QueueState> queues() {
    return unit(views::queues);
  }

  @Override
  public List<ChangeReceipt> cancel(Collection<JobId> ids, Instant now) {
    return unit(() -> changes.cancel(ids, now));
  }

  @Override
  public List<ChangeReceipt> delete(Collection<JobId> ids, Instant now) {
    return unit(() -> changes.delete(ids, now));
  }

  @Override
  public List<ChangeReceipt> reschedule(Collection<JobId> ids, Instant dueAt, Instant now) {
    return unit(() -> changes.reschedule(ids, dueAt, now));
  }

  @Override
  public List<ChangeReceipt> reprioritise(Collection<JobId> ids, int priority, Instant now) {
    return unit(() -> changes.reprioritise(ids, priority, now));
  }

  @Override
  public List<ChangeReceipt> replay(Collection<JobId> ids, Instant now) {
    return unit(() -> changes.replay(ids, now));
  }

  @Override
  public int purge(
      @Nullable String queue, Set<JobState> states, Instant olderThan, int limit, Instant now) {
    return unit(() -> changes.purge(queue, states, olderThan, limit, now));
  }

  @Override
  public int discardWaiting(String queue, int limit, Instant now) {
    return unit(() -> changes.discardWaiting(queue, limit, now));
  }

  @Override
  public int clear(String queue, int limit, Instant now) {
    return unit(() -> changes.clear(queue, limit, now));
  }

  @Override
  public void pause(String queue, Instant now) {
    unit(() -> realm.pause(queue));
  }

  @Override
  public void resume(String queue, Instant now) {
    unit(() -> realm.resume(queue));
  }

  @Override
  public long setPolicy(String queue, QueuePolicy policy, Instant now) {
    return unit(() -> realm.setPolicy(queue, policy));
  }

  @Override
  public QueuePolicy policy(String queue) {
    return unit(() -> realm.policy(queue));
  }

  @Override
  public Optional<Register> get(String name, Instant now) {
    return unit(() -> shelf.get(name, now));
  }

  @Override
  public Optional<Register> compareAndSet(
      String name, long expectedVersion, Bytes value, @Nullable Instant expiresAt, Instant now) {
    return unit(() -> shelf.compareAndSet(name, expectedVersion, value, expiresAt, now));
  }

  @Override
  public boolean delete(String name, long expectedVersion, Instant now) {
    return unit(() -> shelf.delete(name, expectedVersion, now));
  }

  @Override
  public List<Register> list(String prefix, @Nullable String after, int limit, Instant now) {
    return unit(() -> shelf.list(prefix, after, limit, now));
  }

  @Override
  public Optional<Advance> advance(
      CallId call, String name, long expectedVersion, Bytes value, List<NewJob> jobs, Instant now) {
    return unit(
        () ->
            realm.calls.once(
                call, "advance", () -> advance(name, expectedVersion, value, jobs, now)));
  }

  private Optional<Advance> advance(
      String name, long expectedVersion, Bytes value, List<NewJob> jobs, Instant now) {
    Instant expiresAt = shelf.get(name, now).map(Register::expiresAt).orElse(null);
    Optional<Register> moved = shelf.compareAndSet(name, expectedVersion, value, expiresAt, now);
    boolean stores = realm.decisions.enqueues(moved.isPresent());
    List<EnqueueReceipt> receipts = enqueues.enqueue(stores ? jobs : List.of(), now);
    return moved.map(register -> new Advance(register, receipts));
  }

  @Override
  public boolean progress(Lease lease, JobNotes.Progress progress) {
    return unit(() -> notebook.progress(lease, progress));
  }

  @Override
  public boolean log(Lease lease, List<JobNotes.LogLine> lines) {
    return unit(() -> notebook.log(lease, lines));
  }

  @Override
  public boolean step(Lease lease, String name, Bytes result) {
    return unit(() -> notebook.step(lease, name, result));
  }

  @Override
  public JobNotes notes(JobId id) {
    return unit(() -> notebook.notes(id));
  }

  @Override
  public Registration listen(Listener listener) {
    return register(() -> realm.hints.listeners.add(listener), realm.hints.listeners, listener);
  }

  @Override
  public Registration await(Set<JobId> ids) {
    // A set of its own: two equal registrations are closed one by one.
    Awaited awaited = new Awaited(Set.copyOf(ids));
    return register(() -> realm.hints.awaited.add(awaited), realm.hints.awaited, awaited);
  }

  private <T> Registration register(Runnable add, List<T> where, T what) {
    unit(add);
    Registration registration =
        () -> {
          world.lock.lock();
          try {
            where.removeIf(each -> each == what);
          } finally {
            world.lock.unlock();
          }
        };
    registrations.add(registration);
    return registration;
  }

  @Override
  public Mode mode() {
    return unit(() -> realm.journal.mode);
  }

  @Override
  public void mode(Mode mode) {
    unit(() -> realm.journal.switchTo(mode));
  }

  @Override
  public EventPage read(@Nullable String cursor, int limit) {
    return unit(() -> realm.journal.read(cursor, limit));
  }

  @Override
  public String end() {
    return unit(realm.journal::end);
  }

  @Override
  public Page<StoredJob> export(@Nullable String cursor, int limit) {
    return unit(() -> views.export(cursor, limit));
  }

  @Override
  public List<EnqueueReceipt> restore(List<StoredJob> jobs, Instant now) {
    return unit(() -> new Imports(realm).restore(jobs, now));
  }
}
