package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.tck.fault.Hold;
import dev.noria.tck.fault.Operation;
import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StopTest {
  /**
   * The best of these counts, not their median: a close that waits for one of its intervals does so
   * each time, while a machine with other work makes any single one late. A quiet one needs one
   * try.
   */
  private static final int TRIES = 8;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void anIdleQueue_closesWithinATenthOfASecond(Medium medium) {
    Duration best = Duration.ofDays(1);
    for (int i = 0; i < TRIES && best.toMillis() >= 100; i++) {
      JobQueue queue =
          JobQueue.builder()
              .discovery(Discovery.none())
              .storage(medium.address(folder))
              .build()
              .handle(Work.TYPE, (work, job) -> {})
              .start();
      queue.enqueue(Work.TYPE, new Work(i));
      Wait.until(Duration.ofSeconds(10), "idle", () -> queue.counts("default").total() == 0);
      long start = System.nanoTime();
      queue.close();
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      best = took.compareTo(best) < 0 ? took : best;
    }
    assertThat(best).isLessThan(Duration.ofMillis(100));
  }

  @ParameterizedTest
  @EnumSource
  void aStopWhileADequeueIsOnItsWay_givesItsJobsBack(Medium medium) throws Exception {
    try (Stand stand = new Stand(medium, folder);
        JobQueue queue = stand.builder().build()) {
      stand.counting(queue);
      JobId id = stand.enqueue(queue, 1);
      Hold reply = stand.faulty.holdAfter(Operation.EXCHANGE);
      queue.start();
      reply.awaitArrival(Duration.ofSeconds(10));
      assertThat(stand.leased()).isOne();
      Thread stopping = new Thread(queue::stop);
      stopping.start();
      Wait.until(
          Duration.ofSeconds(10),
          "the stop waits for the dequeue",
          () -> stopping.getState() == Thread.State.TIMED_WAITING);
      reply.release();
      stopping.join();

      assertThat(queue.find(id).orElseThrow().state()).isEqualTo(JobState.READY);
      assertThat(queue.find(id).orElseThrow().status().attempt()).isZero();
      assertThat(stand.completed).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStopUnderLoad_losesNothingAndLeavesNoLease(Medium medium) throws Exception {
    try (Stand stand = new Stand(medium, folder);
        JobQueue first = stand.builder().build();
        JobQueue second = stand.builder().build()) {
      stand.counting(first).start();
      try (Crowd producers = Crowd.of(4, 20_000, number -> stand.enqueue(first, number))) {
        Wait.until(Duration.ofSeconds(20), "load", () -> stand.completed.size() > 300);
        first.stop();
        assertThat(stand.leased()).isZero();
        JobId late = stand.enqueue(first, -1);
        producers.stop();
        assertThat(stand.completed).doesNotContainKey(late);
      }
      stand.counting(second).start();
      stand.awaitDrained();
      second.stop();

      stand.assertOnceEach();
      Verdict verdict = stand.verdict();
      assertThat(verdict.valid()).as(verdict.explain()).isTrue();
    }
  }
}
