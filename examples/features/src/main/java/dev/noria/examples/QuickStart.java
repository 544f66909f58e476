package dev.noria.examples;

import static dev.noria.job.JobOption.in;
import static dev.noria.job.JobOption.key;

import dev.noria.JobQueue;
import dev.noria.job.JobType;
import dev.noria.retries.Retries;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

// README: from here
/** Enqueues two jobs and handles them. */
public final class QuickStart {
  record Email(String to, String subject) {}

  static final JobType<Email> SEND = JobType.of("email.send", Email.class).queue("mail");

  public static void main(String... args) throws InterruptedException {
    CountDownLatch sent = new CountDownLatch(2);
    try (JobQueue queue = JobQueue.open("memory:")) { // sqlite:jobs.db survives the process
      queue
          .use(Retries.exponential(5)) // without it: a discovered plugin, or a failed job is dead
          .handle(
              SEND,
              (email, job) -> {
                System.out.println("to " + email.to() + ": " + email.subject());
                sent.countDown();
              })
          .start();

      queue.enqueue(SEND, new Email("ada@example.org", "Hello"));
      queue.enqueue(
          SEND,
          new Email("ada@example.org", "A little later"),
          in(Duration.ofMillis(200)),
          key("welcome-42")); // a second unfinished job of this key is a DUPLICATE

      sent.await(); // a real worker: queue.awaitStop()
    }
  }

  // README: to here

  private QuickStart() {}
}
