package dev.noria.kernel;

import dev.noria.storage.LeasedJob;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A leased job from the moment it arrives until its ack is on its way: waiting in the buffer,
 * running, or done. Who wins the step out of WAITING decides whether it runs or goes back.
 */
final class HeldJob {
  private static final int WAITING = 0;
  private static final int RUNNING = 1;
  private static final int DONE = 2;

  final LeasedJob job;
  final QueueSlots queue;
  final long leasedNanos;
  private final LeaseBatch batch;
  private final int index;
  private final AtomicInteger state = new AtomicInteger(WAITING);
  private volatile long safeUntilNanos;
  private volatile @Nullable AttemptRun run;
  volatile boolean started;

  HeldJob(LeasedJob job, QueueSlots queue, LeaseBatch batch, int index) {
    this.job = job;
    this.queue = queue;
    this.batch = batch;
    this.index = index;
    this.leasedNanos = batch.leasedNanos();
    this.safeUntilNanos = batch.safeUntilNanos();
  }

  boolean isWaiting() {
    return state.get() == WAITING;
  }

  boolean isDone() {
    return state.get() == DONE;
  }

  /** Whether a process died while it had the job: such jobs run one at a time. */
  boolean isSuspect() {
    return job.crashes() > 0;
  }

  /** Takes it for running; false when it went back meanwhile. */
  boolean start() {
    if (!state.compareAndSet(WAITING, RUNNING)) {
      return false;
    }
    queue.left(this);
    return true;
  }

  /** Takes it for going back unstarted; false when it runs or is done. */
  boolean giveBack() {
    if (!state.compareAndSet(WAITING, DONE)) {
      return false;
    }
    queue.left(this);
    batch.done(index);
    return true;
  }

  /** Ends the hold: no heartbeat any more. */
  void done() {
    int before = state.getAndSet(DONE);
    if (before == WAITING) {
      queue.left(this);
    }
    if (before != DONE) {
      batch.done(index);
    }
  }

  /** Whether the lease is safe by the monotonic clock. */
  boolean isSafe(long nanos) {
    return safeUntilNanos - nanos > 0;
  }

  void extended(long safeUntil) {
    safeUntilNanos = safeUntil;
  }

  void running(AttemptRun attempt) {
    run = attempt;
  }

  @Nullable AttemptRun run() {
    return run;
  }
}
