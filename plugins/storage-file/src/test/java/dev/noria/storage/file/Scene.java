package dev.noria.storage.file;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.Retention;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Events;
import dev.noria.storage.Exchange;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Registers;
import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimFileSystem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;

/** A storage on a simulated disk, with one job of every kind in it. */
final class Scene {
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  static final Instant LATER = NOW.plusSeconds(3_600);
  static final String QUEUE = "q";
  static final String WORK = "work";
  static final ErrorInfo ERROR = ErrorInfo.of("Broken", "it broke");
  private static final List<JobId> ALL = LongStream.rangeClosed(1, 40).mapToObj(Scene::id).toList();

  final SimFileSystem system;
  final FileStorage storage;
  final List<Lease> leases = new ArrayList<>();

  private Scene(SimFileSystem system, FileStorage storage) {
    this.system = system;
    this.storage = storage;
  }

  /** The same leases, in another storage over the place. */
  Scene over(FileStorage other) {
    Scene scene = new Scene(system, other);
    scene.leases.addAll(leases);
    return scene;
  }

  static FileStorage open(SimFileSystem system, FileOptions options) {
    long salt = System.identityHashCode(system);
    long[] next = {salt << 20};
    return FileStorage.open(
        options.withRoot(system.getPath("/jobs")),
        new FileStorage.Identity("sim-" + salt, () -> ++next[0]));
  }

  /** A disk of one user. */
  static Disk disk(Path root, boolean sync) {
    return new Disk(new Access(root, FileOptions.Permissions.OWNER), sync);
  }

  static FileOptions options() {
    return FileOptions.defaults().withFolderCommits(3);
  }

  static Scene set(SimDisk host, FileOptions options) {
    SimFileSystem system = host.mount();
    Scene scene = new Scene(system, open(system, options));
    scene.fill();
    return scene;
  }

  static JobId id(long number) {
    return new JobId(0x0190_0000_0000_7000L, number | Long.MIN_VALUE);
  }

  static NewJob.Builder builder(long number) {
    return NewJob.builder(id(number), "mail", QUEUE, Bytes.utf8("payload of " + number));
  }

  static NewJob job(long number) {
    return builder(number).build();
  }

  private static NewJob work(long number) {
    return builder(number).queue(WORK).header("trace", "t" + number).build();
  }

  private void fill() {
    storage.enqueue(
        call(1),
        List.of(
            job(1),
            job(2),
            builder(3).priority(5).build(),
            builder(4).runAt(LATER).build(),
            builder(5).dependencies(Dependencies.on(List.of(id(1)))).build(),
            builder(6).key(new JobKey("k", KeyPolicy.whileUnfinished())).build(),
            builder(7).queue("old").build(),
            builder(8).queue("old").retention(Retention.WITH_RESULT).build(),
            builder(9).group("g").build()),
        NOW);
    storage.enqueue(call(2), List.of(work(11), work(12), work(13)), NOW);
    Exchange old = storage.dequeue(call(3), request("old", 2), NOW);
    Lease first = old.jobs().get(0).lease();
    Lease second = old.jobs().get(1).lease();
    storage.ack(
        call(4),
        List.of(
            new Ack.Dead(first, ERROR),
            new Ack.Completed(second, Bytes.utf8("result"), null, List.of())),
        NOW);
    for (LeasedJob job : storage.dequeue(call(5), request(WORK, 2), NOW).jobs()) {
      leases.add(job.lease());
    }
    registers().compareAndSet("reg", 0, Bytes.utf8("value"), null, NOW);
  }

  static CallId call(long sequence) {
    return new CallId(77, sequence);
  }

  /** The next call of the client that set the scene. */
  static CallId next() {
    return call(6);
  }

  static DequeueRequest request(String queue, int count) {
    return new DequeueRequest(
        "worker",
        7,
        NOW.plusSeconds(30),
        List.of(new Demand(queue, count)),
        count,
        Long.MAX_VALUE,
        false,
        0);
  }

  Registers registers() {
    return storage.capability(Registers.class).orElseThrow();
  }

  Administration administration() {
    return storage.capability(Administration.class).orElseThrow();
  }

  /** Everything that can be seen of a storage. */
  static List<Object> seen(JobStorage storage) {
    Inspection inspection = storage.capability(Inspection.class).orElseThrow();
    Registers registers = storage.capability(Registers.class).orElseThrow();
    List<Object> seen = new ArrayList<>(storage.find(ALL, EnumSet.allOf(Part.class)));
    inspection.queues().stream()
        .sorted((one, other) -> one.name().compareTo(other.name()))
        .forEach(
            queue -> {
              seen.add(queue);
              seen.add(inspection.counts(queue.name()));
            });
    seen.addAll(registers.list("", null, 100, NOW));
    seen.add(storage.capability(Administration.class).orElseThrow().policy(QUEUE));
    seen.add(storage.capability(Events.class).orElseThrow().mode());
    return seen;
  }

  /** Whether the counts of every queue are those of its jobs. */
  static boolean countsRight(JobStorage storage) {
    Inspection inspection = storage.capability(Inspection.class).orElseThrow();
    for (Inspection.QueueState queue : inspection.queues()) {
      List<StoredJob> jobs =
          inspection.list(JobFilter.all().queue(queue.name()), null, 1_000).items();
      for (JobState state : JobState.values()) {
        long counted = jobs.stream().filter(job -> job.state() == state).count();
        if (counted != inspection.counts(queue.name()).of(state)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Does all the work there is, long after everything; what is left unfinished is returned. */
  static List<StoredJob> drain(JobStorage storage) {
    Instant now = NOW.plusSeconds(86_400);
    Administration administration = storage.capability(Administration.class).orElseThrow();
    administration.resume(QUEUE, now);
    administration.resume(WORK, now);
    long sequence = 0;
    for (int round = 1; round <= 8; round++) {
      storage.maintain(1_000, now);
      List<Ack> acks = new ArrayList<>();
      for (String queue : List.of(QUEUE, WORK, "old")) {
        CallId call = new CallId(99, ++sequence);
        DequeueRequest request =
            new DequeueRequest(
                "drain",
                8,
                now.plusSeconds(30),
                List.of(new Demand(queue, 100)),
                100,
                Long.MAX_VALUE,
                false,
                0);
        storage
            .dequeue(call, request, now)
            .jobs()
            .forEach(job -> acks.add(new Ack.Completed(job.lease())));
      }
      storage.ack(new CallId(98, round), acks, now);
    }
    return storage.find(ALL, EnumSet.noneOf(Part.class)).stream()
        .filter(job -> !job.state().isFinished())
        .toList();
  }
}
