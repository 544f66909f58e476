package dev.noria.verification;

import static dev.noria.job.JobOption.dependsOn;
import static dev.noria.job.JobOption.group;
import static dev.noria.job.JobOption.id;
import static dev.noria.job.JobOption.in;
import static dev.noria.job.JobOption.key;
import static dev.noria.job.JobOption.priority;
import static dev.noria.job.JobOption.retention;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.JobQueue;
import dev.noria.job.CallType;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.GroupPolicy;
import dev.noria.job.JobFailedException;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.QueuePolicy;
import dev.noria.retries.Retries;
import dev.noria.storage.Administration.ChangeStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What everybody uses, with the real kernel, on every storage, by its address. */
class MainPathTest {
  private static final CallType<Work, Integer> SQUARE =
      CallType.of("square", Work.class, Integer.class);
  private static final JobType<Work> KEPT =
      Work.TYPE.with(retention(Duration.ofHours(1))).queue("kept");

  @TempDir private Path folder;
  private final LinkedBlockingQueue<Integer> seen = new LinkedBlockingQueue<>();

  private JobQueue open(Medium medium) {
    return JobQueue.open(medium.address(folder));
  }

  private JobQueue seeing(Medium medium) {
    return open(medium).workOn("kept").handle(Work.TYPE, (work, job) -> seen.add(work.number()));
  }

  private int next() throws InterruptedException {
    Integer number = seen.poll(20, TimeUnit.SECONDS);
    assertThat(number).as("a job runs").isNotNull();
    return number;
  }

  private static void awaitState(JobQueue queue, JobId id, JobState state) {
    Wait.until(
        Duration.ofSeconds(20),
        id + " is " + state,
        () -> queue.find(id).orElseThrow().state() == state);
  }

  @ParameterizedTest
  @EnumSource
  void enqueueAndHandle(Medium medium) throws Exception {
    try (JobQueue queue = seeing(medium).start()) {
      JobId kept = queue.enqueue(KEPT, new Work(1)).id();
      assertThat(next()).isEqualTo(1);
      awaitState(queue, kept, JobState.COMPLETED);
      List<EnqueueReceipt> receipts =
          queue.enqueueAll(List.of(Work.TYPE.job(new Work(2)), Work.TYPE.job(new Work(3))));
      assertThat(receipts).allMatch(EnqueueReceipt::isEnqueued);
      assertThat(List.of(next(), next())).containsExactlyInAnyOrder(2, 3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailedJob_isRetriedUntilItWorks(Medium medium) {
    AtomicInteger attempts = new AtomicInteger();
    try (JobQueue queue =
        open(medium)
            .use(Retries.fixed(5, Duration.ofMillis(20)))
            .workOn("kept")
            .handle(
                Work.TYPE,
                (work, job) -> {
                  attempts.incrementAndGet();
                  if (job.attempt() < 3) {
                    throw new IllegalStateException("not yet");
                  }
                })
            .start()) {
      JobId id = queue.enqueue(KEPT, new Work(1)).id();
      awaitState(queue, id, JobState.COMPLETED);
      assertThat(attempts).hasValue(3);
      assertThat(queue.find(id).orElseThrow().history()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLaterJob_isNotEarly(Medium medium) throws Exception {
    try (JobQueue queue = seeing(medium).start()) {
      long start = System.nanoTime();
      queue.enqueue(Work.TYPE, new Work(1), in(Duration.ofMillis(400)));
      assertThat(next()).isEqualTo(1);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(399), Duration.ofSeconds(10));
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancel_endsWaitingAndRunningJobs(Medium medium) throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    try (JobQueue queue =
        open(medium)
            .workOn("kept")
            .handle(
                Work.TYPE,
                (work, job) -> {
                  running.countDown();
                  new CountDownLatch(1).await();
                })
            .start()) {
      JobId runs = queue.enqueue(KEPT, new Work(1)).id();
      JobId waits = queue.enqueue(KEPT, new Work(2), in(Duration.ofHours(1))).id();
      Wait.on(running, "the first job runs");
      assertThat(queue.cancel(runs, waits, queue.newId()))
          .extracting(receipt -> receipt.status())
          .containsExactly(ChangeStatus.REQUESTED, ChangeStatus.APPLIED, ChangeStatus.UNKNOWN);
      awaitState(queue, runs, JobState.CANCELLED);
      awaitState(queue, waits, JobState.CANCELLED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDeadJob_runsAgainByReplay(Medium medium) {
    AtomicInteger runs = new AtomicInteger();
    try (JobQueue queue =
        open(medium)
            .use(Retries.none())
            .workOn("kept")
            .handle(
                Work.TYPE,
                (work, job) -> {
                  if (runs.incrementAndGet() == 1) {
                    throw new IllegalStateException("the first time");
                  }
                })
            .start()) {
      JobId id = queue.enqueue(KEPT, new Work(1)).id();
      awaitState(queue, id, JobState.DEAD);
      assertThat(queue.replay(id).get(0).status()).isEqualTo(ChangeStatus.APPLIED);
      awaitState(queue, id, JobState.COMPLETED);
      assertThat(queue.find(id).orElseThrow().status().generation()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFlow_runsInTheOrderOfItsDependencies(Medium medium) throws Exception {
    try (JobQueue queue = seeing(medium).start()) {
      JobId first = queue.newId();
      JobId second = queue.newId();
      queue.enqueueAll(
          List.of(
              Work.TYPE.job(new Work(3), dependsOn(first, second)),
              Work.TYPE.job(new Work(2), id(second), dependsOn(first)),
              Work.TYPE.job(new Work(1), id(first), in(Duration.ofMillis(100)))));
      assertThat(List.of(next(), next(), next())).containsExactly(1, 2, 3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void groups_shareAQueue(Medium medium) throws Exception {
    try (JobQueue queue = seeing(medium)) {
      queue.policy(
          "default", QueuePolicy.UNLIMITED.withDefaults(GroupPolicy.UNLIMITED.withMaxRunning(2)));
      for (int i = 0; i < 20; i++) {
        queue.enqueue(Work.TYPE, new Work(100 + i), group("loud"));
      }
      queue.enqueue(Work.TYPE, new Work(1), group("quiet"));
      queue.start();
      int before = 0;
      for (int number = next(); number != 1; number = next()) {
        before++;
      }
      assertThat(before).as("jobs of the loud group before the quiet one's").isLessThan(20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keysAndPriorities(Medium medium) throws Exception {
    try (JobQueue queue = open(medium).handle(Work.TYPE, (work, job) -> seen.add(work.number()))) {
      EnqueueReceipt first = queue.enqueue(Work.TYPE, new Work(1), key("one"));
      EnqueueReceipt second = queue.enqueue(Work.TYPE, new Work(2), key("one"));
      assertThat(second).isEqualTo(EnqueueReceipt.duplicate(first.id(), JobState.READY));
      queue.enqueue(Work.TYPE, new Work(3), priority(9));
      queue.start();
      assertThat(List.of(next(), next())).containsExactlyInAnyOrder(3, 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void enqueueAndWait_answersResultsAndFailures(Medium medium) throws Exception {
    try (JobQueue queue =
        open(medium)
            .use(Retries.none())
            .handle(
                SQUARE,
                (work, job) -> {
                  if (work.number() < 0) {
                    throw new IllegalArgumentException("negative");
                  }
                  return work.number() * work.number();
                })
            .start()) {
      Duration limit = Duration.ofSeconds(20);
      assertThat(queue.enqueueAndWait(SQUARE, new Work(12), limit)).isEqualTo(144);
      assertThatThrownBy(() -> queue.enqueueAndWait(SQUARE, new Work(-1), limit))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("negative");
    }
  }
}
