package dev.noria.examples;

import static dev.noria.job.JobOption.in;

import dev.noria.JobQueue;
import dev.noria.job.JobType;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A handler enqueues more jobs: in the unit that stores its own end, or not at all. */
public final class FollowUps {
  static final JobType<String> ORDER = JobType.of("order", String.class);
  static final JobType<String> INVOICE = JobType.of("invoice", String.class);

  public static void main(String... args) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(2);
    try (JobQueue queue = JobQueue.open("memory:")) {
      queue
          .handle(
              ORDER,
              (name, job) -> {
                System.out.println("order of " + name);
                job.followUp(INVOICE, name);
                job.followUp(INVOICE, name + ", reminder", in(Duration.ofMillis(100)));
              })
          .handle(
              INVOICE,
              (name, job) -> {
                System.out.println("invoice to " + name);
                done.countDown();
              })
          .start();
      queue.enqueue(ORDER, "ada");
      done.await();
    }
  }

  private FollowUps() {}
}
