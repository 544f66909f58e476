package dev.noria.examples;

import dev.noria.JobQueue;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.JobOption;
import dev.noria.job.JobType;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What a handler tells about its job while it runs, for those who look. */
public final class ProgressAndLog {
  static final JobType<Integer> IMPORT = JobType.of("import", Integer.class);

  public static void main(String... args) throws InterruptedException {
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch seen = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    try (JobQueue queue = JobQueue.open("memory:")) {
      queue
          .handle(
              IMPORT,
              (rows, job) -> {
                job.log("file opened");
                job.progress(50, rows / 2 + " of " + rows + " rows");
                half.countDown();
                seen.await();
                job.log("file closed");
                job.progress(100, "all rows");
                done.countDown();
              })
          .start();
      // Notes are kept as long as their job.
      JobId id = queue.enqueue(IMPORT, 1000, JobOption.retention(Duration.ofHours(1))).id();
      half.await();
      show(queue, id);
      seen.countDown();
      done.await();
      queue.stop();
      show(queue, id);
    }
  }

  private static void show(JobQueue queue, JobId id) {
    JobNotes notes = queue.find(id).orElseThrow().notes();
    JobNotes.Progress progress = notes.progress();
    if (progress != null) {
      System.out.println(progress.percent() + " %: " + progress.message().toUtf8());
    }
    notes.log().forEach(line -> System.out.println("  " + line.text().toUtf8()));
  }

  private ProgressAndLog() {}
}
