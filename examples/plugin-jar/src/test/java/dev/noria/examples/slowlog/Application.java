package dev.noria.examples.slowlog;

import dev.noria.JobQueue;
import dev.noria.job.CallType;
import java.time.Duration;

/** An application that knows nothing of the plugin. */
public final class Application {
  static final CallType<Integer, Integer> SQUARE =
      CallType.of("square", Integer.class, Integer.class);

  /** Says which chain it has, and handles one job. */
  public static void main(String... args) throws Exception {
    try (JobQueue queue = JobQueue.open("memory:")) {
      queue.handle(SQUARE, (number, job) -> number * number).start();
      System.out.println(queue.describe());
      System.out.println(queue.enqueueAndWait(SQUARE, 7, Duration.ofSeconds(30)));
    }
  }

  private Application() {}
}
