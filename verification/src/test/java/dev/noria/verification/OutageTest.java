package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.noria.Health;
import dev.noria.JobQueue;
import dev.noria.job.JobType;
import dev.noria.storage.StorageException;
import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutageTest {
  private static final JobType<Work> LONG = JobType.of("long", Work.class);
  private static final Duration RESUME = Duration.ofSeconds(5);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void aShortOutageUnderLoad_losesAndDoublesNothing(Medium medium) throws Exception {
    try (Stand stand = new Stand(medium, folder)) {
      Verdict verdict = outage(stand, Duration.ofSeconds(3));
      stand.assertOnceEach();
      assertThat(verdict.valid()).as(verdict.explain()).isTrue();
      assertThat(verdict.count(Verdict.Kind.REDELIVERY_LEGAL)).isZero();
    }
  }

  /**
   * The storage is broken from outside, so two kinds of it are enough for a test this long; nearly
   * all of it is waiting, so they wait together.
   */
  @Tag("slow")
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @EnumSource(names = {"MEMORY", "SQLITE"})
  void anOutageLongerThanTheLease_losesNothing(Medium medium) throws Exception {
    try (Stand stand = new Stand(medium, folder)) {
      Verdict verdict = outage(stand, Duration.ofSeconds(60));
      assertThat(verdict.valid()).as(verdict.explain()).isTrue();
    }
  }

  private static Verdict outage(Stand stand, Duration length) throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (JobQueue queue = stand.builder().enqueueTimeout(length.plusSeconds(30)).build()) {
      stand
          .counting(queue)
          .handle(
              LONG,
              (work, job) -> {
                running.countDown();
                goOn.await();
                ended.countDown();
              })
          .start();
      queue.enqueue(LONG, new Work(0));
      Wait.on(running, "the long job runs");
      try (Crowd producers = Crowd.of(4, 20_000, number -> stand.enqueue(queue, number))) {
        Wait.until(RESUME, "there is load", () -> stand.completed.size() > 100);
        stand.faulty.down();
        goOn.countDown();
        Wait.on(ended, "the handler goes on while the storage is down");
        Wait.until(RESUME, "health sees it", () -> isDegraded(queue));
        assertThat(queue.health().reasons())
            .singleElement()
            .asString()
            .startsWith("The storage has not answered for ")
            .contains("the storage is down");
        Wait.last(length);
        assertThat(isDegraded(queue)).isTrue();
        int before = stand.completed.size();
        int accepted = stand.accepted.size();
        stand.faulty.up();
        Wait.until(RESUME, "enqueues go on", () -> stand.accepted.size() > accepted + 4);
        Wait.until(RESUME, "handlers get work", () -> stand.completed.size() > before + 16);
        producers.stop();
      }
      stand.awaitDrained();
      assertThat(queue.health().status()).isEqualTo(Health.Status.UP);
      queue.stop();
      return stand.verdict();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStartDuringAnOutage_saysSoAndWorksAsSoonAsTheStorageIsBack(Medium medium) throws Exception {
    try (Stand stand = new Stand(medium, folder);
        JobQueue before = stand.builder().build();
        JobQueue queue = stand.builder().build()) {
      for (int i = 0; i < 50; i++) {
        stand.enqueue(before, i);
      }
      stand.faulty.down();
      stand.counting(queue).start();
      Wait.until(RESUME, "health sees it", () -> isDegraded(queue));
      Wait.last(Duration.ofSeconds(1));
      assertThat(isDegraded(queue)).isTrue();
      assertThat(stand.completed).isEmpty();
      stand.faulty.up();
      Wait.until(RESUME, "handlers get work", () -> !stand.completed.isEmpty());
      stand.enqueue(queue, 50);
      stand.awaitDrained();
      assertThat(queue.health().status()).isEqualTo(Health.Status.UP);
      Wait.until(RESUME, "it is among the workers", () -> queue.workers().size() == 1);
      queue.stop();
      stand.assertOnceEach();
      Verdict verdict = stand.verdict();
      assertThat(verdict.valid()).as(verdict.explain()).isTrue();
    }
  }

  private static boolean isDegraded(JobQueue queue) {
    return queue.health().status() == Health.Status.DEGRADED;
  }

  @ParameterizedTest
  @EnumSource
  void anEnqueueDuringAnOutage_waitsForItsTimeoutAndSaysThatNothingHappened(Medium medium)
      throws Exception {
    Duration timeout = Duration.ofMillis(400);
    AtomicInteger told = new AtomicInteger();
    try (Stand stand = new Stand(medium, folder);
        JobQueue queue = stand.builder().enqueueTimeout(timeout).build()) {
      stand.counting(queue).start();
      stand.enqueue(queue, 0);
      stand.awaitDrained();
      stand.faulty.down();
      try (Crowd producers =
          Crowd.of(
              4,
              12,
              number -> {
                long start = System.nanoTime();
                StorageException error =
                    catchThrowableOfType(
                        StorageException.class, () -> stand.enqueue(queue, number));
                assertThat(error.kind()).isEqualTo(StorageException.Kind.UNAVAILABLE);
                assertThat(error.outcomeUnknown()).isFalse();
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(timeout)
                    .isLessThan(timeout.plusSeconds(5));
                told.incrementAndGet();
              })) {
        producers.join();
      }
      stand.faulty.up();
      stand.enqueue(queue, 13);
      stand.awaitDrained();
      queue.stop();
      assertThat(told).hasValue(12);
      stand.assertOnceEach();
    }
  }
}
