package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.WorkerInfo;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.storage.Events;
import dev.noria.storage.JobStorage;
import dev.noria.tck.process.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** This JVM and a child on one storage; the child works and is otherwise idle. */
class TwoProcessesTest {
  private static final int SAMPLES = 21;

  @TempDir private Path folder;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private JobQueue here;
  private ChildJvm child;

  static List<Ground> grounds() {
    return Ground.chosen();
  }

  private void start(Ground ground) throws Exception {
    String address = ground.address(folder);
    here = JobQueue.builder().discovery(Discovery.none()).storage(address).build();
    child = ChildJvm.start(Child.class, Child.arguments("listener", address), said::add);
    assertThat(hear()).isEqualTo("ready");
  }

  @AfterEach
  void end() {
    if (child != null) {
      child.close();
    }
    if (here != null) {
      here.close();
    }
  }

  private String hear() throws InterruptedException {
    String line = said.poll(30, TimeUnit.SECONDS);
    assertThat(line).as(() -> "the child says something; " + child.errors()).isNotNull();
    return line;
  }

  @ParameterizedTest
  @MethodSource("grounds")
  void anEnqueue_wakesTheIdleWorkerOfTheOtherProcess(Ground ground) throws Exception {
    BlockingQueue<long[]> echoes = new LinkedBlockingQueue<>();
    start(ground);
    here.handle(
            Child.ECHO, (work, job) -> echoes.add(new long[] {work.number(), System.nanoTime()}))
        .start();
    long[] there = new long[SAMPLES];
    long[] back = new long[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      Wait.last(Child.IDLE);
      long before = System.nanoTime();
      JobId ignored = here.enqueue(Child.CALL, new Work(i)).id();
      there[i] = nanos("call", i) - before;
      long called = nanos("echo", i);
      long[] echo = echoes.poll(30, TimeUnit.SECONDS);
      assertThat(echo).as("an echo").isNotNull();
      assertThat(echo[0]).isEqualTo(i);
      back[i] = echo[1] - called;
    }
    assertAwake(ground, "to", there);
    assertAwake(ground, "from", back);
  }

  /** The instant in the next line, which has to begin with these words. */
  private long nanos(String word, int number) throws InterruptedException {
    String[] words = hear().split(" ", -1);
    assertThat(words).startsWith(word, Integer.toString(number));
    return Long.parseLong(words[2]);
  }

  /** Far below the safety poll, which would find the job too. */
  private static void assertAwake(Ground ground, String way, long[] nanos) {
    Arrays.sort(nanos);
    long median = TimeUnit.NANOSECONDS.toMicros(nanos[SAMPLES / 2]);
    System.out.printf(
        "wake-up %s another process on %s: p50=%d us, max=%d us%n",
        way, ground, median, TimeUnit.NANOSECONDS.toMicros(nanos[SAMPLES - 1]));
    assertThat(median).isPositive().isLessThan(1_000_000);
  }

  @ParameterizedTest
  @MethodSource("grounds")
  void aCancelHere_reachesTheHandlerThatRunsThere(Ground ground) throws Exception {
    start(ground);
    JobId id = here.enqueue(Child.LONG, new Work(7)).id();
    assertThat(hear()).isEqualTo("long 7");
    assertThat(here.cancel(id))
        .singleElement()
        .satisfies(receipt -> assertThat(receipt.status()).isEqualTo(ChangeStatus.REQUESTED));
    assertThat(hear()).isEqualTo("stopped true");
    Wait.until(
        Duration.ofSeconds(10),
        "it is cancelled",
        () -> here.find(id).orElseThrow().state() == JobState.CANCELLED);
  }

  @ParameterizedTest
  @MethodSource("grounds")
  void workers_listsThoseOfBothProcesses(Ground ground) throws Exception {
    Instant before = Instant.now().minusSeconds(1); // instants of storages are in milliseconds
    start(ground);
    here.handle(Child.BOMB, (work, job) -> {}).start();
    Wait.until(Duration.ofSeconds(10), "both are there", () -> here.workers().size() == 2);
    Instant after = Instant.now().plusSeconds(1);
    List<WorkerInfo> workers = here.workers();
    assertThat(workers)
        .extracting(WorkerInfo::pid)
        .containsExactlyInAnyOrder(child.pid(), ProcessHandle.current().pid());
    assertThat(workers).extracting(WorkerInfo::id).doesNotHaveDuplicates().doesNotContain("");
    assertThat(workers)
        .extracting(WorkerInfo::host)
        .doesNotContain("")
        .allMatch(hostOfFirst(workers));
    assertThat(workers)
        .allSatisfy(worker -> assertThat(worker.since()).isBetween(before, after))
        .allSatisfy(worker -> assertThat(worker.heartbeat()).isBetween(worker.since(), after));
    WorkerInfo other =
        workers.stream().filter(one -> one.pid() == child.pid()).findFirst().orElseThrow();
    assertThat(other.queues()).containsExactlyInAnyOrder("default", "long");
    assertThat(other.types()).containsExactlyInAnyOrder("work", "long", "call");
  }

  /** Both processes are of one machine. */
  private static Predicate<String> hostOfFirst(List<WorkerInfo> workers) {
    return workers.get(0).host()::equals;
  }

  @ParameterizedTest
  @MethodSource("grounds")
  void eventsOfBothProcesses_standInOneOrder(Ground ground) throws Exception {
    start(ground);
    try (JobStorage storage = Medium.open(ground.address(folder))) {
      Events events = storage.capability(Events.class).orElseThrow();
      events.mode(Events.Mode.ALL);
      String start = events.end();

      JobId id = here.enqueue(Work.TYPE, new Work(1)).id();
      assertThat(hear()).startsWith("work 1 ");
      Wait.until(
          Duration.ofSeconds(10), "its end is there", () -> of(events, start, id).size() > 2);

      List<Events.Event> seen = of(events, start, id);
      assertThat(seen)
          .extracting(Events.Event::from)
          .startsWith(null, JobState.READY, JobState.RUNNING);
      assertThat(seen.get(0).to()).isEqualTo(JobState.READY);
      assertThat(seen.get(1).to()).isEqualTo(JobState.RUNNING);
      assertThat(seen).extracting(Events.Event::sequence).isSorted();
    }
  }

  private static List<Events.Event> of(Events events, String cursor, JobId id) {
    return events.read(cursor, 1_000).events().stream()
        .filter(event -> event.id().equals(id))
        .toList();
  }
}
