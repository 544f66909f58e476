package dev.noria.examples;

import dev.noria.JobQueue;
import dev.noria.job.CallType;
import dev.noria.job.JobContext;
import dev.noria.job.JobFailedException;
import dev.noria.retries.Retries;
import dev.noria.retries.RetryRule;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** What happens when a handler fails, and what it can decide by itself. */
public final class RetriesAndVerdicts {
  static final CallType<String, String> TRY = CallType.of("try", String.class, String.class);

  public static void main(String... args) throws InterruptedException, TimeoutException {
    Retries retries =
        Retries.fixed(3, Duration.ofMillis(10))
            .on(IllegalArgumentException.class, RetryRule.dead());
    try (JobQueue queue = JobQueue.open("memory:")) {
      queue.use(retries).handle(TRY, RetriesAndVerdicts::run).start();
      for (String what : new String[] {"flaky", "patient", "hopeless", "wrong", "refused"}) {
        try {
          System.out.println(queue.enqueueAndWait(TRY, what, Duration.ofSeconds(30)));
        } catch (JobFailedException e) {
          System.out.println(what + " is dead: " + e.error().message());
        }
      }
    }
  }

  private static String run(String what, JobContext job) throws IOException {
    if (what.equals("flaky") && job.attempt() < 3) {
      throw new IOException("not yet");
    } else if (what.equals("patient") && job.epoch() == 1) {
      job.snooze(Duration.ofMillis(10)); // released until then: not an attempt
    } else if (what.equals("hopeless")) {
      throw new IOException("dead after attempt " + job.attempt());
    } else if (what.equals("wrong")) {
      throw new IllegalArgumentException("the rule says so, in attempt " + job.attempt());
    } else if (what.equals("refused")) {
      job.fail("the handler says so, in attempt " + job.attempt());
    }
    return what + " came through in attempt " + job.attempt();
  }

  private RetriesAndVerdicts() {}
}
