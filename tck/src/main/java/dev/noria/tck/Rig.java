package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * What a test works with: a fresh storage, a clock that it turns by hand, and short words for the
 * calls. Each call uses a new {@link CallId} of one client, so only one thread may use a rig's
 * short words; concurrent callers use {@link #client()}.
 */
final class Rig implements AutoCloseable {
  static final String QUEUE = "q";
  static final Duration LEASE = Duration.ofSeconds(30);
  private static final AtomicLong CLIENTS = new AtomicLong(System.identityHashCode(Rig.class));

  final ManualTime time = new ManualTime();
  private final JobStorageTck suite;
  private final Place place;
  private final List<JobStorage> opened = new ArrayList<>();
  private JobStorage storage;
  private final AtomicLong ids = new AtomicLong(1);
  private final Client main;

  Rig(JobStorageTck suite, Place place) {
    this.suite = suite;
    this.place = place;
    this.storage = openAgain();
    this.main = client();
  }

  /** Another storage over the same place where that shares its jobs, else the same storage. */
  JobStorage neighbour() {
    return suite.shared() ? openAgain() : storage;
  }

  /** The same place as the next release opens it; see {@link JobStorageTck#openNext}. */
  Optional<JobStorage> openNext() {
    Optional<JobStorage> next = suite.openNext(place);
    next.ifPresent(opened::add);
    return next;
  }

  /** Another storage over the same place: a second process. */
  JobStorage openAgain() {
    return open(place);
  }

  /** A storage in another namespace of the same place. */
  JobStorage openNamespace(String namespace) {
    return open(place.namespace(namespace));
  }

  private JobStorage open(Place where) {
    JobStorage fresh = suite.open(where);
    opened.add(fresh);
    return fresh;
  }

  JobStorage storage() {
    return storage;
  }

  Place place() {
    return place;
  }

  <T extends Capability> T capability(Class<T> type) {
    Optional<T> found = storage.capability(type);
    assertThat(found).as("capability " + type.getSimpleName()).isPresent();
    return found.orElseThrow();
  }

  /** Whether the suite says that the storage can do this. */
  boolean declares(Class<? extends Capability> type) {
    return declared().contains(type);
  }

  /** Skips the test where the suite does not declare the capability. */
  void needs(Class<? extends Capability> type) {
    assumeTrue(declares(type), () -> "skipped: " + type.getSimpleName() + " is not declared");
  }

  /** Skips the test where two storages over one place do not share its jobs. */
  void needsSharing() {
    assumeTrue(suite.shared(), "skipped: a place is not shared by two storages");
  }

  /** Skips the test where jobs do not survive the end of their storage. */
  void needsSurvival() {
    assumeTrue(suite.survivesClose(), "skipped: jobs do not survive close");
  }

  /** Closes the storage and opens its place again; the main client goes on with its sequence. */
  JobStorage reopen() {
    storage.close();
    storage = openAgain();
    main.storage = storage;
    return storage;
  }

  /** Whether jobs survive the end of their storage. */
  boolean survives() {
    return suite.survivesClose();
  }

  /** Makes the stored format look newer; see {@link JobStorageTck#makeNewer}. */
  boolean makeNewer() {
    return suite.makeNewer(place);
  }

  /** Damages a stored job; see {@link JobStorageTck#damage}. */
  boolean damage(JobId id) {
    return suite.damage(place, id);
  }

  /** What the suite declares. */
  Set<Class<? extends Capability>> declared() {
    return suite.capabilities();
  }

  Instant now() {
    return time.now();
  }

  /** A new id; later ids are greater. */
  JobId id() {
    return new JobId(0x0190_0000_0000_7000L, ids.getAndIncrement() | 0x8000_0000_0000_0000L);
  }

  /** A plain job in {@link #QUEUE}. */
  NewJob job() {
    return job(job -> job);
  }

  /** A plain job in another queue. */
  NewJob job(String queue) {
    return job(job -> job.queue(queue));
  }

  /** A job in {@link #QUEUE} with changes. */
  NewJob job(UnaryOperator<NewJob.Builder> change) {
    return change.apply(NewJob.builder(id(), "type", QUEUE, Bytes.utf8("payload"))).build();
  }

  List<NewJob> jobs(int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(job());
    }
    return jobs;
  }

  /** A caller of its own, for one thread. */
  Client client() {
    return client(storage);
  }

  /** A caller of its own on another storage over the same place. */
  Client client(JobStorage on) {
    return new Client(on, CLIENTS.incrementAndGet(), this);
  }

  List<EnqueueReceipt> enqueue(NewJob... jobs) {
    return main.enqueue(List.of(jobs));
  }

  List<EnqueueReceipt> enqueue(List<NewJob> jobs) {
    return main.enqueue(jobs);
  }

  /** Enqueues one job that must be accepted. */
  NewJob enqueued(NewJob job) {
    assertThat(enqueue(job)).containsExactly(EnqueueReceipt.enqueued(job.id()));
    return job;
  }

  /** The caller behind the short words. */
  Client main() {
    return main;
  }

  Exchange exchange(List<Ack> acks, DequeueRequest request) {
    return main.exchange(acks, request);
  }

  /** Dequeues and shows the whole answer. */
  Exchange look(String queue, int count) {
    return main.exchange(List.of(), main.request(queue, count));
  }

  /** At most {@code count} jobs of {@link #QUEUE}. */
  List<LeasedJob> dequeue(int count) {
    return dequeue(QUEUE, count);
  }

  List<LeasedJob> dequeue(String queue, int count) {
    return main.dequeue(queue, count);
  }

  /** The one job that is there to take. */
  LeasedJob dequeueOne() {
    List<LeasedJob> jobs = dequeue(1);
    assertThat(jobs).as("a due job").hasSize(1);
    return jobs.get(0);
  }

  AckReceipt ack(Ack ack) {
    return main.ack(ack);
  }

  AckReceipt complete(LeasedJob job) {
    return ack(new Ack.Completed(job.lease()));
  }

  AckReceipt retry(LeasedJob job, Instant at) {
    return ack(new Ack.Retry(job.lease(), at, error("again")));
  }

  AckReceipt kill(LeasedJob job) {
    return ack(new Ack.Dead(job.lease(), error("for good")));
  }

  AckReceipt release(LeasedJob job) {
    return ack(new Ack.Released(job.lease(), null, null));
  }

  Maintained maintain() {
    return storage.maintain(10_000, now());
  }

  /** Maintains until nothing more is said to be there. */
  void maintainAll() {
    for (int i = 0; i < 1_000; i++) {
      if (!maintain().more()) {
        return;
      }
    }
    throw new AssertionError("maintain still says 'more' after 1000 calls");
  }

  /** The job with all parts, or empty. */
  Optional<StoredJob> find(JobId id) {
    return storage.find(List.of(id), EnumSet.allOf(Part.class)).stream().findFirst();
  }

  StoredJob stored(JobId id) {
    return find(id).orElseThrow(() -> new AssertionError("job " + id + " is gone"));
  }

  JobState state(JobId id) {
    return stored(id).state();
  }

  static ErrorInfo error(String message) {
    return ErrorInfo.of("TEST", message);
  }

  @Override
  public void close() {
    opened.forEach(JobStorage::close);
    suite.drop(place);
  }

  /** One caller with a client id and a sequence of its own; for one thread. */
  static final class Client {
    final long nonce;
    private JobStorage storage;
    private final Rig rig;
    private final long client;
    private long sequence;

    Client(JobStorage storage, long client, Rig rig) {
      this.storage = storage;
      this.client = client;
      this.rig = rig;
      this.nonce = client * 31 + 7;
    }

    CallId call() {
      return new CallId(client, ++sequence);
    }

    List<EnqueueReceipt> enqueue(List<NewJob> jobs) {
      return storage.enqueue(call(), jobs, rig.now());
    }

    Exchange exchange(List<Ack> acks, DequeueRequest request) {
      return storage.exchange(call(), acks, request, rig.now());
    }

    /** A request for at most {@code count} jobs of one queue. */
    DequeueRequest request(String queue, int count) {
      return request(List.of(new Demand(queue, count)), count);
    }

    DequeueRequest request(List<Demand> demands, int total) {
      Instant expiresAt = rig.now().plus(LEASE);
      return new DequeueRequest(
          "worker-" + client, nonce, expiresAt, demands, total, Long.MAX_VALUE, false, 0);
    }

    List<LeasedJob> dequeue(String queue, int count) {
      return exchange(List.of(), request(queue, count)).jobs();
    }

    AckReceipt ack(Ack ack) {
      return ack(List.of(ack)).get(0);
    }

    List<AckReceipt> ack(List<Ack> acks) {
      return storage.ack(call(), acks, rig.now());
    }
  }
}
