package dev.noria.examples;

import static dev.noria.job.JobOption.timeout;

import dev.noria.JobQueue;
import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.storage.Administration.ChangeStatus;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** How a handler that takes too long, or is not wanted any more, is stopped. */
public final class TimeoutsAndCancelling {
  static final JobType<String> WORK = JobType.of("work", String.class);

  public static void main(String... args) throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(2);
    try (JobQueue queue = JobQueue.open("memory:")) {
      queue
          .handle(
              WORK,
              (name, job) -> {
                try {
                  running.countDown();
                  new CountDownLatch(1).await(); // for ever: until it is interrupted
                } catch (InterruptedException e) {
                  System.out.println(name + ": " + job.cancellation().reason().orElseThrow());
                  throw e;
                } finally {
                  stopped.countDown();
                }
              })
          .start();
      JobOption keep = JobOption.retention(Duration.ofHours(1));
      JobId unwanted = queue.enqueue(WORK, "unwanted", keep).id();
      running.await();
      ChangeStatus status = queue.cancel(unwanted).get(0).status();
      print(queue, unwanted);
      System.out.println("the cancel was " + status);

      JobId slow =
          queue.enqueue(WORK, "slow", timeout(Duration.ofMillis(50)), JobOption.attempts(1)).id();
      print(queue, slow);
      stopped.await();
    }
  }

  private static void print(JobQueue queue, JobId id) {
    JobState state = queue.find(id).orElseThrow().state();
    while (!state.isFinished()) {
      Thread.onSpinWait();
      state = queue.find(id).orElseThrow().state();
    }
    System.out.println(state + ", " + queue.find(id).orElseThrow().status().reason());
  }

  private TimeoutsAndCancelling() {}
}
