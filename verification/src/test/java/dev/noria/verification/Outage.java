package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Health;
import dev.noria.JobQueue;
import dev.noria.job.JobType;
import dev.noria.tck.history.Verdict;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A storage that does not answer for a while, between handlers that work and callers that wait. */
final class Outage {
  /** How soon everybody goes on when the storage is back. */
  static final Duration RESUME = Duration.ofSeconds(5);

  private static final JobType<Work> LONG = JobType.of("long", Work.class);

  private Outage() {}

  /** Whether {@code queue} knows that something is wrong. */
  static boolean isNoticed(JobQueue queue) {
    return queue.health().status() == Health.Status.DEGRADED;
  }

  /** Trouble that came back is told until it has stayed away for ten seconds. */
  static void awaitUp(JobQueue queue) throws InterruptedException {
    Wait.until(
        Duration.ofSeconds(20),
        "health is UP again",
        () -> queue.health().status() == Health.Status.UP);
  }

  /** Breaks the storage for {@code length} while there is load, and judges what was left. */
  static Verdict underLoad(Stand stand, Duration length) throws Exception {
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
        Wait.until(RESUME, "health sees it", () -> isNoticed(queue));
        assertThat(queue.health().reasons())
            .singleElement()
            .asString()
            .startsWith("The storage has not answered for ")
            .contains("the storage is down");
        Wait.last(length);
        assertThat(isNoticed(queue)).isTrue();
        int before = stand.completed.size();
        int accepted = stand.accepted.size();
        stand.faulty.up();
        Wait.until(RESUME, "enqueues go on", () -> stand.accepted.size() > accepted + 4);
        Wait.until(RESUME, "handlers get work", () -> stand.completed.size() > before + 16);
        producers.stop();
      }
      stand.awaitDrained();
      awaitUp(queue);
      queue.stop();
      return stand.verdict();
    }
  }
}
