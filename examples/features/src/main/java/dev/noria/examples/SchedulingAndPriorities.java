package dev.noria.examples;

import static dev.noria.job.JobOption.deadline;
import static dev.noria.job.JobOption.in;
import static dev.noria.job.JobOption.lifo;
import static dev.noria.job.JobOption.priority;

import dev.noria.JobQueue;
import dev.noria.job.JobId;
import dev.noria.job.JobType;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** When jobs run, and which goes first. */
public final class SchedulingAndPriorities {
  static final JobType<String> PRINT = JobType.of("print", String.class);

  public static void main(String... args) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(6);
    // One handler at a time, so that the order shows.
    try (JobQueue queue = JobQueue.builder().storage("memory:").concurrency(1).build()) {
      queue.handle(
          PRINT,
          (text, job) -> {
            System.out.println(text);
            done.countDown();
          });

      queue.enqueue(PRINT, "a moment later", in(Duration.ofMillis(100)), priority(-10));
      queue.enqueue(PRINT, "background", priority(-10));
      queue.enqueue(PRINT, "first come");
      queue.enqueue(PRINT, "first served");
      queue.enqueue(PRINT, "newest first", lifo());
      queue.enqueue(PRINT, "urgent", priority(10));
      JobId late = queue.enqueue(PRINT, "never", deadline(Instant.EPOCH)).id();

      queue.start();
      done.await();
      queue.stop();
      System.out.println("past its deadline: " + queue.find(late).orElseThrow().status().reason());
    }
  }

  private SchedulingAndPriorities() {}
}
