package dev.noria.cli.bench;

import dev.noria.JobQueue;
import dev.noria.job.JobContext;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** L: one job to an idle worker, from the enqueue call to the start of its handler. */
final class Waking {
  /** Long enough that the worker sleeps again. */
  private static final long IDLE_MILLIS = 3;

  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private volatile long startedNanos;
  private long calls;

  /** Somebody who enqueues one job. */
  interface Caller {
    /**
     * Enqueues job {@code number}.
     *
     * @return the instant right before the call, by the clock of this process
     */
    long enqueue(long number);
  }

  /** The handler; it only looks at the clock. */
  void handle(Parcel parcel, @Nullable JobContext job) {
    startedNanos = System.nanoTime();
  }

  static Caller here(JobQueue queue) {
    return number -> {
      long before = System.nanoTime();
      if (!queue.enqueue(Parcel.JOB, Parcel.of(number)).isEnqueued()) {
        throw new IllegalStateException("Job " + number + " was not stored.");
      }
      return before;
    };
  }

  /** Lets everybody fall asleep. */
  static void pause() throws InterruptedException {
    boolean ignored = NEVER.await(IDLE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Calls {@code jobs} times, and each time waits until the worker is idle again. */
  Sample measure(Bed bed, Caller caller, int jobs) throws InterruptedException {
    Latencies times = new Latencies(jobs);
    long cpu = Usage.cpuNanos();
    for (int i = 0; i < jobs; i++) {
      pause();
      calls++;
      AckCount.Mark end = bed.acks().mark(calls);
      long calledNanos = caller.enqueue(calls);
      end.await();
      times.add(startedNanos - calledNanos);
    }
    double batch = bed.storage().acks().jobsPerCall();
    return Sample.of(0, Usage.since(cpu, jobs), batch).withoutRate().withTimes(times);
  }
}
