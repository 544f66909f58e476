package dev.noria.examples;

import static dev.noria.job.JobOption.in;

import dev.noria.JobQueue;
import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.StoredJob;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Looking at jobs, and changing them from outside. */
public final class OperatorTasks {
  static final JobType<String> MAIL = JobType.of("mail", String.class).queue("mail");

  public static void main(String... args) throws InterruptedException {
    AtomicBoolean broken = new AtomicBoolean(true);
    CountDownLatch failed = new CountDownLatch(1);
    CountDownLatch sent = new CountDownLatch(1);
    try (JobQueue queue = JobQueue.open("memory:")) {
      queue.handle(
          MAIL,
          (to, job) -> {
            if (broken.get()) {
              job.fail("mail server is down");
              failed.countDown();
            } else {
              System.out.println("sent to " + to);
              sent.countDown();
            }
          });

      JobId ada = queue.enqueue(MAIL, "ada").id();
      JobId bob = queue.enqueue(MAIL, "bob", in(Duration.ofHours(1))).id();
      System.out.println("bob: " + queue.cancel(bob).get(0).status());

      queue.start();
      failed.await();
      while (queue.counts("mail").of(JobState.DEAD) == 0) {
        Thread.onSpinWait(); // counts are at most 2 s old
      }
      queue.list(JobFilter.all().states(JobState.DEAD, JobState.CANCELLED), 10).items().stream()
          .sorted(Comparator.comparing(StoredJob::state))
          .forEach(job -> System.out.println(job.state() + " " + job.status().reason()));

      queue.pause("mail");
      broken.set(false);
      System.out.println("ada: " + queue.replay(ada).get(0).status());
      System.out.println("paused: " + queue.queues().get(0).paused());
      queue.resume("mail");
      sent.await();
      queue.stop();
      System.out.println("purged: " + queue.purge(Set.of(JobState.CANCELLED), Duration.ZERO));
    }
  }

  private OperatorTasks() {}
}
