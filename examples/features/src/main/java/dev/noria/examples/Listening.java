package dev.noria.examples;

import dev.noria.JobQueue;
import dev.noria.job.JobType;
import dev.noria.plugin.JobEvent;
import dev.noria.plugin.Plugin;
import java.util.concurrent.CountDownLatch;

/** An observer: hears what happened in this process, and cannot change it. */
public final class Listening {
  static final JobType<String> PRINT = JobType.of("print", String.class);

  public static void main(String... args) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(2);
    Plugin audit =
        Plugin.of(
            "audit",
            installer ->
                installer.listen(
                    event -> {
                      if (event instanceof JobEvent.Enqueued enqueued) {
                        System.out.println("enqueued " + enqueued.type());
                      } else if (event instanceof JobEvent.Started started) {
                        System.out.println("started, attempt " + started.attempt());
                      } else if (event instanceof JobEvent.Ended over) {
                        System.out.println("ended " + over.outcome());
                        ended.countDown();
                      }
                    }));
    try (JobQueue queue = JobQueue.builder().storage("memory:").concurrency(1).build()) {
      queue
          .use(audit)
          .handle(
              PRINT,
              (text, job) -> {
                if (text.isEmpty()) {
                  job.fail("nothing to print");
                }
              });
      queue.enqueue(PRINT, "hello");
      queue.enqueue(PRINT, "");
      queue.start();
      ended.await();
    }
  }

  private Listening() {}
}
