package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.JobQueue;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobType;
import dev.noria.storage.StorageException;
import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis server whose memory is full under load. */
class RedisMemoryTest {
  private static final JobType<String> LARGE = JobType.of("large", String.class);
  private static final String PAYLOAD = "x".repeat(3_000);
  private static final int ROOM = 2 * 1024 * 1024;

  @TempDir private Path folder;

  @Tag("slow")
  @Test
  void fullMemory_refusesEnqueuesUntilJobsWereWorkedOff() throws Exception {
    AtomicInteger done = new AtomicInteger();
    AtomicInteger accepted = new AtomicInteger();
    Queue<StorageException> refusals = new ConcurrentLinkedQueue<>();
    CountDownLatch hurry = new CountDownLatch(1);
    try (RedisServer server = RedisServer.start(folder, "--maxmemory-policy", "noeviction");
        Stand stand = new Stand(server.address("memory"));
        JobQueue queue =
            stand.builder().concurrency(4).enqueueTimeout(Duration.ofMillis(300)).build()) {
      stand
          .counting(queue)
          .handle(
              LARGE,
              (text, job) -> {
                hurry.await();
                done.incrementAndGet();
              })
          .start();
      enqueue(queue, accepted);
      String used =
          server.ask(redis -> redis.info("memory")).replaceAll("(?s).*used_memory:(\\d+).*", "$1");
      server.ask(redis -> redis.configSet("maxmemory", Long.toString(Long.parseLong(used) + ROOM)));
      try (Crowd producers =
          Crowd.of(
              4,
              Integer.MAX_VALUE,
              number -> {
                try {
                  enqueue(queue, accepted);
                } catch (StorageException e) {
                  refusals.add(e);
                }
              })) {
        Wait.until(Duration.ofSeconds(60), "the memory is full", () -> refusals.size() >= 8);
        assertThat(done).hasValue(0);
        hurry.countDown();
        Wait.until(Duration.ofSeconds(10), "acks go through", () -> done.get() > 50);
        int accepts = accepted.get();
        Wait.until(
            Duration.ofSeconds(30), "there is room again", () -> accepted.get() > accepts + 100);
        producers.stop();
      }
      Wait.until(Duration.ofSeconds(60), "nothing is stuck", () -> done.get() == accepted.get());
      Wait.until(Duration.ofSeconds(10), "all is acked", () -> stand.unfinished() == 0);
      queue.stop();
      assertThat(refusals)
          .allSatisfy(
              refusal -> {
                assertThat(refusal.kind()).isEqualTo(StorageException.Kind.UNAVAILABLE);
                assertThat(refusal.outcomeUnknown()).isFalse();
              })
          // The others waited behind such a one.
          .anySatisfy(refusal -> assertThat(refusal).hasMessageContaining("maxmemory"));
      Verdict verdict = stand.verdict().label("refused", refusals.size());
      System.out.println("full memory: " + verdict.line());
      assertThat(verdict.valid()).as(verdict.explain()).isTrue();
    }
  }

  private static void enqueue(JobQueue queue, AtomicInteger accepted) {
    EnqueueReceipt receipt = queue.enqueue(LARGE, PAYLOAD);
    assertThat(receipt.isEnqueued()).isTrue();
    accepted.incrementAndGet();
  }
}
