package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.JobType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the queues of one worker get of it. */
class QueueSharesTest {
  private static final JobType<Integer> HEAVY = JobType.of("heavy", Integer.class).queue("heavy");
  private static final JobType<Integer> LIGHT = JobType.of("light", Integer.class).queue("light");

  private final ByHand hand = new ByHand();
  private final List<String> ran = new ArrayList<>();
  private JobQueue queue = hand.builder().concurrency(1).executor(Runnable::run).build();

  @AfterEach
  void close() {
    hand.close(queue);
  }

  private void start(int heavyWeight, int heavyJobs, int lightJobs) {
    queue
        .handle(HEAVY, (number, job) -> ran.add("heavy"))
        .handle(LIGHT, (number, job) -> ran.add("light"))
        .workOn("heavy", 1, heavyWeight)
        .workOn("light", 1, 1)
        .start();
    queue.enqueueMany(IntStream.range(0, heavyJobs).mapToObj(HEAVY::job));
    queue.enqueueMany(IntStream.range(0, lightJobs).mapToObj(LIGHT::job));
  }

  @Test
  void weights_shareTheWorker() {
    start(3, 400, 400);
    hand.exchangeUntil("400 jobs ran", () -> ran.size() >= 400);
    assertThat(Collections.frequency(ran.subList(0, 400), "heavy")).isBetween(295, 305);
    assertThat(ran.subList(0, 8)).contains("light");
  }

  @Test
  void theSmallestWeight_isServedBesideTheLargest() {
    start(1_000, 1_100, 1);
    hand.exchangeUntil("1 002 jobs ran", () -> ran.size() >= 1_002);
    assertThat(ran.subList(0, 1_002)).contains("light");
  }

  @Test
  void anIdleQueue_leavesItsShareToOthers() {
    start(1_000, 0, 50);
    hand.exchangeUntil("all ran", () -> ran.size() == 50);
    assertThat(ran).containsOnly("light");
  }

  @Test
  void aQueuesOwnConcurrency_boundsItsHandlers() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch two = new CountDownLatch(2);
    CountDownLatch all = new CountDownLatch(60);
    try (JobQueue wide =
        JobQueue.builder()
            .discovery(Discovery.none())
            .storage(dev.noria.tck.model.ReferenceStorage::create)
            .concurrency(8)
            .build()) {
      wide.handle(
              HEAVY,
              (number, job) -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                two.countDown();
                assertThat(two.await(20, TimeUnit.SECONDS)).as("two at once").isTrue();
                inside.decrementAndGet();
                all.countDown();
              })
          .handle(LIGHT, (number, job) -> all.countDown())
          .workOn("heavy", 2, 1)
          .start();
      wide.enqueueMany(IntStream.range(0, 30).mapToObj(HEAVY::job));
      wide.enqueueMany(IntStream.range(0, 30).mapToObj(LIGHT::job));
      assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(most).hasValue(2);
  }

  @Test
  void aConcurrencyOrWeightOutOfRange_isAnErrorAtOnce() {
    for (int[] wrong : new int[][] {{0, 1}, {10_001, 1}, {1, 0}, {1, 1_001}}) {
      assertThatThrownBy(() -> queue.workOn("q", wrong[0], wrong[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Concurrency "
                  + wrong[0]
                  + " or weight "
                  + wrong[1]
                  + " of queue 'q' is out of range. Expected a concurrency of 1 to 10000 and a"
                  + " weight of 1 to 1000.");
    }
    assertThat(queue.workOn("q", 10_000, 1_000)).isSameAs(queue);
  }
}
