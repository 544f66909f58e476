package dev.noria.examples;

import static dev.noria.job.JobOption.dependsOn;
import static dev.noria.job.JobOption.id;

import dev.noria.JobQueue;
import dev.noria.job.JobId;
import dev.noria.job.JobType;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Jobs that wait for other jobs, all stored in one call. */
public final class Flows {
  static final JobType<String> STEP = JobType.of("step", String.class);

  public static void main(String... args) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(5);
    try (JobQueue queue = JobQueue.builder().storage("memory:").concurrency(1).build()) {
      queue.handle(
          STEP,
          (name, job) -> {
            System.out.println(name);
            if (name.equals("broken")) {
              job.fail("no such file");
            }
            done.countDown();
          });

      JobId extract = queue.newId();
      JobId small = queue.newId();
      JobId large = queue.newId();
      queue.enqueueAll(
          List.of(
              STEP.job("publish", dependsOn(small, large)),
              STEP.job("small picture", id(small), dependsOn(extract)),
              STEP.job("large picture", id(large), dependsOn(extract)),
              STEP.job("extract", id(extract))));

      JobId broken = queue.enqueue(STEP, "broken").id();
      JobId never = queue.enqueue(STEP, "never", dependsOn(broken)).id();

      queue.start();
      done.await();
      queue.stop();
      var status = queue.find(never).orElseThrow().status();
      System.out.println("never: " + status.state() + ", " + status.reason());
    }
  }

  private Flows() {}
}
