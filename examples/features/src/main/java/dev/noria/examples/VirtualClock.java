package dev.noria.examples;

import static dev.noria.job.JobOption.in;

import dev.noria.job.JobType;
import dev.noria.retries.Retries;
import dev.noria.testing.TestQueue;
import java.io.IOException;
import java.time.Duration;

/** How to test jobs: no thread, no waiting, and a clock that moves only when it is told to. */
public final class VirtualClock {
  static final JobType<String> REMIND = JobType.of("remind", String.class);

  public static void main(String... args) {
    Retries hourly = Retries.fixed(3, Duration.ofHours(1));
    try (TestQueue test =
        TestQueue.of(
            queue ->
                queue
                    .use(hourly)
                    .handle(
                        REMIND,
                        (name, job) -> {
                          if (job.attempt() < 3) {
                            throw new IOException("mail server is down");
                          }
                          System.out.println("reminded " + name);
                        }))) {
      test.queue().enqueue(REMIND, "ada", in(Duration.ofDays(7)));

      System.out.println("now: " + test.drain().ran() + " runs");
      System.out.println("after a week: " + test.advance(Duration.ofDays(7)).retried() + " failed");
      System.out.println("a day later: " + test.advance(Duration.ofDays(1)));
    }
  }

  private VirtualClock() {}
}
