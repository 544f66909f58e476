package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobRequest;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.job.StoredJob;
import dev.noria.tck.process.ChildJvm;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Handlers that count and ack in one transaction of their own, in processes that are killed with
 * SIGKILL: in the end the counter is the number of jobs.
 */
class EffectOnceTest {
  private static final int WORKERS = 2;
  private static final int JOBS_A_ROUND = 40;
  private static final Duration DRAIN = Duration.ofMinutes(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private final long seed = Long.getLong("noria.test.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);
  private String address = "";
  private int kills;
  private int poisoned;

  static List<Ground> grounds() {
    return Ground.chosen().stream().filter(Ground::isDatabase).toList();
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("grounds")
  void twoRounds_countEachJobOnce(Ground ground) throws Exception {
    run(ground, 2);
  }

  @Tag("chaos")
  @ParameterizedTest
  @MethodSource("grounds")
  void manyRounds_countEachJobOnce(Ground ground) throws Exception {
    run(ground, Integer.getInteger("noria.test.rounds", 100));
  }

  private void run(Ground ground, int rounds) throws Exception {
    address = ground.address(folder);
    long jobs = 0;
    try (JobQueue queue = JobQueue.builder().discovery(Discovery.none()).storage(address).build()) {
      queue.enqueueAll(List.of());
      assertThat(queue.queues()).isEmpty();
      Jdbc.of(address).createCounter();
      for (int round = 0; round < rounds; round++) {
        long before = jobs;
        jobs += enqueue(queue);
        long enough = random.nextLong(before, jobs);
        killAll(start(WORKERS), () -> counted() > enough || isDrained(queue));
      }
      long before = counted();
      try (ChildJvm last = start(1).get(0)) {
        Wait.until(DRAIN, "all jobs are done or dead", () -> isDrained(queue));
        poisoned = replayPoisoned(queue);
        Wait.until(DRAIN, "all jobs are done", () -> isDrained(queue));
        assertThat(last.isAlive()).as(last::errors).isTrue();
      }
      long counted = counted();
      System.out.printf(
          "effects on %s: rounds=%d kills=%d jobs=%d counted=%d (%d before the last worker)"
              + " poisoned=%d seed=%d%n",
          ground, rounds, kills, jobs, counted, before, poisoned, seed);
      assertThat(counted).isEqualTo(jobs);
      assertThat(before).as("effects of workers that were killed").isPositive();
    }
  }

  private static boolean isDrained(JobQueue queue) {
    JobFilter left =
        JobFilter.all()
            .states(JobState.READY, JobState.SCHEDULED, JobState.RUNNING, JobState.BLOCKED);
    return queue.list(left, 1).items().isEmpty();
  }

  /** Some run into a kill three times and are taken for poison; they had no effect so far. */
  private static int replayPoisoned(JobQueue queue) {
    List<StoredJob> dead = queue.list(JobFilter.all().states(JobState.DEAD), 1_000).items();
    assertThat(dead).allMatch(job -> Reasons.POISON.equals(job.status().reason()));
    queue.replay(dead.stream().map(StoredJob::id).toArray(JobId[]::new));
    return dead.size();
  }

  private long counted() {
    try {
      return Jdbc.of(address).counted();
    } catch (SQLException e) {
      throw new IllegalStateException("The effects cannot be counted.", e);
    }
  }

  private static long enqueue(JobQueue queue) {
    List<JobRequest<Work>> requests =
        IntStream.range(0, JOBS_A_ROUND).mapToObj(i -> Work.TYPE.job(new Work(i))).toList();
    return queue.enqueueAll(requests).stream().filter(EnqueueReceipt::isEnqueued).count();
  }

  private List<ChildJvm> start(int count) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(count);
    List<ChildJvm> workers = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        List<String> arguments = Child.arguments("effects", address);
        workers.add(ChildJvm.start(Child.class, arguments, line -> countIfReady(line, ready)));
      }
      Wait.on(ready, "the workers are ready");
      return workers;
    } catch (InterruptedException | RuntimeException | Error e) {
      workers.forEach(ChildJvm::close);
      throw e;
    }
  }

  private static void countIfReady(String line, CountDownLatch ready) {
    if (line.equals("ready")) {
      ready.countDown();
    }
  }

  /** Kills them, one after the other, from when {@code when} is true. */
  private void killAll(List<ChildJvm> workers, BooleanSupplier when) throws InterruptedException {
    try {
      Wait.until(DRAIN, "the workers work", when);
      for (ChildJvm worker : workers) {
        Wait.last(Duration.ofMillis(random.nextInt(0, 40)));
        assertThat(worker.isAlive()).as(worker::errors).isTrue();
        worker.kill();
        kills++;
      }
    } finally {
      workers.forEach(ChildJvm::close);
    }
  }
}
