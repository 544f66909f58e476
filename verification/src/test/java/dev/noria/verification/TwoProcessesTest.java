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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
    here =
        JobQueue.builder()
            .discovery(Discovery.none())
            .storage(address)
            .build()
            .handle(Child.BOMB, (work, job) -> {});
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
  void anEnqueueHere_wakesTheIdleWorkerThere(Ground ground) throws Exception {
    start(ground);
    long[] micros = new long[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      // The worker sleeps again only some time after the last job.
      Wait.last(Duration.ofMillis(60));
      long before = System.nanoTime();
      JobId ignored = here.enqueue(Work.TYPE, new Work(i)).id();
      String[] words = hear().split(" ", -1);
      assertThat(words[1]).isEqualTo(Integer.toString(i));
      micros[i] = TimeUnit.NANOSECONDS.toMicros(Long.parseLong(words[2]) - before);
    }
    Arrays.sort(micros);
    long median = micros[SAMPLES / 2];
    System.out.printf(
        "wake-up of another process on %s: p50=%d us, max=%d us%n",
        ground, median, micros[SAMPLES - 1]);
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
    start(ground);
    here.start();
    Wait.until(Duration.ofSeconds(10), "both are there", () -> here.workers().size() == 2);
    assertThat(here.workers())
        .extracting(WorkerInfo::pid)
        .containsExactlyInAnyOrder(child.pid(), ProcessHandle.current().pid());
    WorkerInfo other =
        here.workers().stream().filter(one -> one.pid() == child.pid()).findFirst().orElseThrow();
    assertThat(other.queues()).containsExactlyInAnyOrder("default", "long");
    assertThat(other.types()).containsExactlyInAnyOrder("work", "long");
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
