package dev.noria.examples;

import dev.noria.JobQueue;
import dev.noria.job.JobRequest;
import dev.noria.job.JobType;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One worker, two queues: a bound for each, and its share of the turns. */
public final class QueuesAndWeights {
  static final int JOBS = 4_000;
  static final JobType<Integer> MAIL = JobType.of("mail", Integer.class).queue("mail");
  static final JobType<Integer> REPORT = JobType.of("report", Integer.class).queue("reports");

  public static void main(String... args) throws InterruptedException {
    AtomicInteger reports = new AtomicInteger();
    AtomicInteger reportsBefore = new AtomicInteger();
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch mails = new CountDownLatch(JOBS);
    CountDownLatch done = new CountDownLatch(2 * JOBS);
    try (JobQueue queue = JobQueue.builder().storage("memory:").concurrency(8).build()) {
      queue
          .workOn("mail", 8, 3) // three turns for each one of the reports
          .workOn("reports", 2, 1) // never more than two at once
          .handle(
              MAIL,
              (number, job) -> {
                mails.countDown();
                if (mails.getCount() == 0) {
                  reportsBefore.set(reports.get());
                }
                done.countDown();
              })
          .handle(
              REPORT,
              (number, job) -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                reports.incrementAndGet();
                running.decrementAndGet();
                done.countDown();
              });
      long stored = queue.enqueueMany(jobs(REPORT)) + queue.enqueueMany(jobs(MAIL));
      queue.start();
      done.await();
      System.out.println(stored + " jobs are done");
      System.out.println("never more than two reports at once: " + (most.get() <= 2));
      System.out.println("mails did not starve the reports: " + (reportsBefore.get() > 0));
    }
  }

  private static Stream<JobRequest<?>> jobs(JobType<Integer> type) {
    return IntStream.range(0, JOBS).mapToObj(type::job);
  }

  private QueuesAndWeights() {}
}
