package dev.noria.cli.bench;

import dev.noria.JobQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** E1, E2, E3: how fast jobs get in. */
final class Enqueuing {
  private static final int THREADS = 64;

  private Enqueuing() {}

  /** One thread, one job at a time. */
  static Sample singles(Bed bed, int jobs) {
    long cpu = Usage.cpuNanos();
    long start = System.nanoTime();
    Latencies times = each(bed.queue(), 0, jobs);
    double seconds = (System.nanoTime() - start) / 1e9;
    return sample(bed, jobs, seconds, cpu).withTimes(times);
  }

  private static Latencies each(JobQueue queue, int from, int to) {
    Latencies times = new Latencies(to - from);
    long last = System.nanoTime();
    for (int i = from; i < to; i++) {
      if (!queue.enqueue(Parcel.JOB, Parcel.of(i)).isEnqueued()) {
        throw new IllegalStateException("Job " + i + " was not stored.");
      }
      long now = System.nanoTime();
      times.add(now - last);
      last = now;
    }
    return times;
  }

  /** 64 threads, one job at a time each. */
  static Sample crowd(Bed bed, int jobs) throws InterruptedException {
    List<Callable<Latencies>> tasks = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int from = (int) ((long) jobs * i / THREADS);
      int to = (int) ((long) jobs * (i + 1) / THREADS);
      tasks.add(() -> each(bed.queue(), from, to));
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      long cpu = Usage.cpuNanos();
      long start = System.nanoTime();
      Latencies times = new Latencies(jobs);
      for (Future<Latencies> part : threads.invokeAll(tasks)) {
        times.addAll(part.get());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return sample(bed, jobs, seconds, cpu).withTimes(times);
    } catch (ExecutionException e) {
      throw new IllegalStateException("A thread of the crowd failed.", e.getCause());
    } finally {
      threads.shutdown();
    }
  }

  /** A thousand at a time. */
  static Sample chunks(Bed bed, int jobs) {
    long cpu = Usage.cpuNanos();
    long start = System.nanoTime();
    bed.fill(jobs);
    return sample(bed, jobs, (System.nanoTime() - start) / 1e9, cpu);
  }

  private static Sample sample(Bed bed, int jobs, double seconds, long cpu) {
    double batch = bed.storage().enqueues().jobsPerCall();
    return Sample.of(jobs / seconds, Usage.since(cpu, jobs), batch);
  }
}
