package dev.noria.verification;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.JobQueueBuilder;
import dev.noria.job.JobContext;
import dev.noria.job.JobId;
import dev.noria.job.JobKind;
import dev.noria.job.JobOption;
import dev.noria.job.JobRequest;
import dev.noria.job.JobType;
import dev.noria.job.KeyPolicy;
import dev.noria.storage.JobStorage;
import dev.noria.tck.fault.RecordingStorage;
import dev.noria.tck.history.Entry;
import dev.noria.tck.history.History;
import dev.noria.tck.process.ChildJvm;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What child processes do: {@code role address folder name seed}. They share the storage. */
final class Child {
  static final JobType<Work> BOMB = JobType.of("bomb", Work.class);
  static final JobType<Work> LONG = JobType.of("long", Work.class).queue("long");

  /** Of a queue with limits: {@link Limited}. */
  static final JobType<Work> LIMITED = JobType.of("limited", Work.class).queue(Limited.QUEUE);

  /** A job that makes its worker enqueue an echo. */
  static final JobType<Work> CALL = JobType.of("call", Work.class);

  static final JobType<Work> ECHO = JobType.of("echo", Work.class).queue("echo");

  /** Workers sleep again only some time after their last job. */
  static final Duration IDLE = Duration.ofMillis(60);

  /** How many commits a committer says. */
  static final int COMMITS = 40;

  /** How many batches one enqueues that works, too. */
  static final int BATCHES = 40;

  static final Duration LEASE = Duration.ofSeconds(2);

  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);

  private final String address;
  private final Path folder;
  private final String name;
  private final SplittableRandom random;

  private Child(String address, Path folder, String name, long seed) {
    this.address = address;
    this.folder = folder;
    this.name = name;
    this.random = new SplittableRandom(seed);
  }

  /** The arguments of a child that keeps no history. */
  static List<String> arguments(String role, String address) {
    return List.of(role, address, "", role, "1");
  }

  /** The arguments of a child that keeps its history in {@code folder}. */
  static List<String> arguments(String role, String address, Path folder, String name, long seed) {
    return List.of(role, address, folder.toString(), name, Long.toString(seed));
  }

  /** The history of a child. */
  static Path history(Path folder, String name) {
    return folder.resolve(name + ".history");
  }

  public static void main(String[] arguments) throws InterruptedException {
    ChildJvm.dieWithParent();
    Child child =
        new Child(arguments[1], Path.of(arguments[2]), arguments[3], Long.parseLong(arguments[4]));
    switch (arguments[0]) {
      case "worker" -> child.work();
      case "producer" -> child.produce();
      case "both" -> child.produceAndWork();
      case "pair" -> child.workTwice();
      case "operator" -> child.operate();
      case "effects" -> child.countEffects();
      case "bombs" -> child.handleBombs();
      case "listener" -> child.listen();
      case "committer" -> child.commit();
      default -> throw new IllegalArgumentException("No role '" + arguments[0] + "'.");
    }
  }

  private static JobQueueBuilder builder() {
    return builder(LEASE);
  }

  private static JobQueueBuilder builder(Duration lease) {
    return JobQueue.builder().discovery(Discovery.none()).lease(lease);
  }

  private History history() {
    History history = History.appendTo(history(folder, name), name, System::nanoTime);
    history.add(new Entry.ProcessStarted(name));
    return history;
  }

  private JobStorage recorded(History history) {
    return RecordingStorage.over(Medium.open(address), history);
  }

  /** Works until it is killed. */
  private void work() throws InterruptedException {
    History history = history();
    JobQueue queue = builder().concurrency(4).storage(() -> recorded(history)).build();
    worker(queue, history).start();
    OUT.println("ready");
    queue.awaitStop();
  }

  /** Two workers in one process that share nothing but it. */
  private void workTwice() throws InterruptedException {
    History history = history();
    for (int i = 0; i < 2; i++) {
      worker(builder().concurrency(4).storage(() -> recorded(history)).build(), history)
          .handle(LONG, (work, job) -> handleLong(work))
          .start();
    }
    OUT.println("ready");
    new CountDownLatch(1).await();
  }

  /** Longer than a lease now and then. */
  private static void handleLong(Work work) throws InterruptedException {
    Wait.last(LEASE.multipliedBy(work.number() % 4).dividedBy(2));
  }

  /** Changes and removes jobs at random until it is killed. */
  private void operate() throws InterruptedException {
    JobQueue queue = builder().storage(() -> recorded(history())).build();
    Operator operator = new Operator(queue, random);
    OUT.println("ready");
    while (true) {
      operator.change();
      Wait.last(Duration.ofMillis(random.nextInt(1, 10)));
    }
  }

  /** A worker whose handlers have an effect in the database, together with their ack. */
  private void countEffects() throws InterruptedException {
    Jdbc database = Jdbc.of(address);
    JobQueue queue = builder().concurrency(4).storage(address).build();
    queue
        .handle(
            Work.TYPE,
            (work, job) -> {
              try (Connection connection = database.connect()) {
                connection.setAutoCommit(false);
                Jdbc.count(connection);
                job.ackWithin(connection);
                connection.commit();
              }
            })
        .start();
    OUT.println("ready");
    queue.awaitStop();
  }

  /** What every worker of a kill loop does with a job; at times it asks for a second attempt. */
  static JobQueue worker(JobQueue queue, History history) {
    return queue
        .use("narrator", new Narrator(history))
        .handle(Work.TYPE, Child::handle)
        .handle(LIMITED, Child::handle);
  }

  private static void handle(Work work, JobContext job) throws InterruptedException {
    if (new CountDownLatch(1).await(work.number() % 15, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("Nobody opens this latch.");
    }
    if (work.number() % 17 == 0 && job.attempt() == 1) {
      job.retryIn(Duration.ofMillis(50), "once more");
    }
  }

  /** Enqueues until it is killed: single jobs, batches, later ones, keys, dependents. */
  private void produce() throws InterruptedException {
    History history = history();
    JobQueue queue = builder().storage(() -> recorded(history)).build();
    queue.enqueueAll(batch(queue));
    OUT.println("ready");
    while (true) {
      queue.enqueueAll(batch(queue));
      Wait.last(Duration.ofMillis(random.nextInt(5, 25)));
    }
  }

  /** Enqueues some batches while it works, says so, and works on until it is killed. */
  private void produceAndWork() throws InterruptedException {
    History history = history();
    JobQueue queue = builder().concurrency(4).storage(() -> recorded(history)).build();
    worker(queue, history).start();
    OUT.println("ready");
    for (int i = 0; i < BATCHES; i++) {
      queue.enqueueAll(batch(queue));
      Wait.last(Duration.ofMillis(random.nextInt(5, 25)));
    }
    OUT.println("produced");
    queue.awaitStop();
  }

  private List<JobRequest<?>> batch(JobQueue queue) {
    List<JobRequest<?>> requests = new ArrayList<>();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      requests.add(Work.TYPE.job(new Work(random.nextInt(1_000)), options()));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      requests.add(LIMITED.job(new Work(random.nextInt(1_000)), Limited.group(random.nextInt(4))));
    }
    var first = queue.newId();
    if (random.nextInt(8) == 0) {
      requests.add(LONG.job(new Work(random.nextInt(4))));
    }
    requests.add(Work.TYPE.job(new Work(1), JobOption.id(first)));
    requests.add(Work.TYPE.job(new Work(2), JobOption.dependsOn(first)));
    return requests;
  }

  private JobOption[] options() {
    return switch (random.nextInt(9)) {
      case 0 -> new JobOption[] {JobOption.in(Duration.ofMillis(random.nextInt(400)))};
      case 1 -> new JobOption[] {JobOption.priority(random.nextInt(-2, 3))};
      case 2 -> new JobOption[] {JobOption.key("key" + random.nextInt(4))};
      case 3 -> new JobOption[] {JobOption.group("group" + random.nextInt(3))};
      case 4 -> new JobOption[] {JobOption.retention(Duration.ofHours(1))};
      case 5 -> new JobOption[] {JobOption.lifo()};
      case 6 ->
          new JobOption[] {JobOption.key("waiting" + random.nextInt(2), KeyPolicy.whileWaiting())};
      default -> new JobOption[0];
    };
  }

  /** A worker that some jobs kill. */
  private void handleBombs() throws InterruptedException {
    JobQueue queue = builder(Duration.ofMillis(900)).concurrency(4).storage(address).build();
    queue
        .handle(BOMB, (work, job) -> Runtime.getRuntime().halt(9))
        .handle(Work.TYPE, Child::handle)
        .start();
    OUT.println("ready");
    queue.awaitStop();
  }

  /** An idle worker that says when it starts something, and whether it was asked to stop. */
  private void listen() throws InterruptedException {
    JobQueue queue = builder().storage(address).build();
    queue
        .handle(
            Work.TYPE,
            (work, job) -> OUT.println("work " + work.number() + " " + System.nanoTime()))
        .handle(
            CALL,
            (work, job) -> {
              OUT.println("call " + work.number() + " " + System.nanoTime());
              Wait.last(IDLE);
              long before = System.nanoTime();
              JobId ignored = queue.enqueue(ECHO, work).id();
              OUT.println("echo " + work.number() + " " + before);
            })
        .handle(
            LONG,
            (work, job) -> {
              OUT.println("long " + work.number());
              try {
                new CountDownLatch(1).await();
              } finally {
                OUT.println("stopped " + job.cancellation().isRequested());
              }
            })
        .start();
    OUT.println("ready");
    queue.awaitStop();
  }

  /** Commits one job after the other and says so each time, with one write. */
  private void commit() {
    try (JobQueue queue = builder().storage(address).build()) {
      JobKind<Work> kind = Work.TYPE;
      queue.enqueue(kind, new Work(0));
      OUT.println("ready");
      for (int i = 1; i <= COMMITS; i++) {
        queue.enqueue(kind, new Work(i));
        OUT.print("ack " + i + "\n");
      }
      OUT.println("over");
    }
  }
}
