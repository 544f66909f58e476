package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.noria.JobQueue;
import dev.noria.storage.StorageException;
import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutageTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void aShortOutageUnderLoad_losesAndDoublesNothing(Medium medium) throws Exception {
    try (Stand stand = new Stand(medium, folder)) {
      Verdict verdict = Outage.underLoad(stand, Duration.ofSeconds(3));
      stand.assertOnceEach();
      assertThat(verdict.valid()).as(verdict.explain()).isTrue();
      assertThat(verdict.count(Verdict.Kind.REDELIVERY_LEGAL)).isZero();
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
      Wait.until(Outage.RESUME, "health sees it", () -> Outage.isNoticed(queue));
      Wait.last(Duration.ofSeconds(1));
      assertThat(Outage.isNoticed(queue)).isTrue();
      assertThat(stand.completed).isEmpty();
      stand.faulty.up();
      Wait.until(Outage.RESUME, "handlers get work", () -> !stand.completed.isEmpty());
      stand.enqueue(queue, 50);
      stand.awaitDrained();
      Outage.awaitUp(queue);
      Wait.until(Outage.RESUME, "it is among the workers", () -> queue.workers().size() == 1);
      queue.stop();
      stand.assertOnceEach();
      Verdict verdict = stand.verdict();
      assertThat(verdict.valid()).as(verdict.explain()).isTrue();
    }
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
