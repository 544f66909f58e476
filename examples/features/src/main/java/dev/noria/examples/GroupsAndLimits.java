package dev.noria.examples;

import static dev.noria.job.JobOption.group;

import dev.noria.JobQueue;
import dev.noria.job.GroupPolicy;
import dev.noria.job.JobType;
import dev.noria.job.QueuePolicy;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Customers share a queue fairly, and none may take all of it. */
public final class GroupsAndLimits {
  static final JobType<String> REPORT = JobType.of("report", String.class).queue("reports");

  public static void main(String... args) throws InterruptedException {
    fairness();
    limits();
  }

  /** In turn, two of gold for one of everybody else, however much somebody has enqueued. */
  private static void fairness() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(7);
    try (JobQueue queue = JobQueue.builder().storage("memory:").concurrency(1).build()) {
      queue.handle(
          REPORT,
          (name, job) -> {
            System.out.println(name);
            done.countDown();
          });
      queue.policy(
          "reports",
          QueuePolicy.UNLIMITED.withOverrides(Map.of("gold", GroupPolicy.UNLIMITED.withWeight(2))));
      for (int i = 1; i <= 3; i++) {
        queue.enqueue(REPORT, "big customer " + i, group("big"));
      }
      for (int i = 1; i <= 3; i++) {
        queue.enqueue(REPORT, "gold customer " + i, group("gold"));
      }
      queue.enqueue(REPORT, "small customer 1", group("small"));
      queue.start();
      done.await();
    }
  }

  /** At most two of a customer at once, over all workers. */
  private static void limits() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(20);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (JobQueue queue = JobQueue.builder().storage("memory:").concurrency(8).build()) {
      queue.handle(
          REPORT,
          (name, job) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            running.decrementAndGet();
            done.countDown();
          });
      GroupPolicy two = GroupPolicy.UNLIMITED.withMaxRunning(2);
      queue.policy("reports", QueuePolicy.UNLIMITED.withDefaults(two));
      for (int i = 0; i < 20; i++) {
        queue.enqueue(REPORT, "report " + i, group("big"));
      }
      queue.start();
      done.await();
      System.out.println("never more than two at once: " + (most.get() <= 2));
    }
  }

  private GroupsAndLimits() {}
}
