package dev.noria.kernel;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what the buffer holds: as many slots as the concurrency allows, each a task on the executor
 * that takes jobs until there are none. Jobs that have crashed a process before run one at a time
 * (S5.1), so that a poison job does not take its neighbours with it.
 */
final class Slots {
  private static final Logger LOG = LoggerFactory.getLogger(Slots.class);

  private final List<QueueSlots> queues;
  private final int concurrency;
  private final Executor executor;
  private final Runner runner;
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicInteger turn = new AtomicInteger();
  private final ConcurrentLinkedQueue<HeldJob> suspects = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean suspectRuns = new AtomicBoolean();

  Slots(List<QueueSlots> queues, int concurrency, Executor executor, Runner runner) {
    this.queues = List.copyOf(queues);
    this.concurrency = concurrency;
    this.executor = executor;
    this.runner = runner;
  }

  int active() {
    return active.get();
  }

  int buffered() {
    int sum = suspects.size();
    for (QueueSlots queue : queues) {
      sum += queue.buffered();
    }
    return sum;
  }

  void add(HeldJob job) {
    if (job.job.crashes() > 0) {
      suspects.add(job);
    } else {
      job.queue.add(job);
    }
  }

  /** Starts slots while there are jobs and room. */
  void pump() {
    while (mayRun() && enter()) {
      try {
        executor.execute(this::work);
      } catch (RejectedExecutionException e) {
        active.decrementAndGet();
        LOG.error("The handler executor refused a task; its jobs go back after a while.", e);
        return;
      }
    }
  }

  private boolean mayRun() {
    if (!suspects.isEmpty() && !suspectRuns.get()) {
      return true;
    }
    for (QueueSlots queue : queues) {
      if (queue.mayRun()) {
        return true;
      }
    }
    return false;
  }

  private boolean enter() {
    int before = active.get();
    while (before < concurrency) {
      if (active.compareAndSet(before, before + 1)) {
        return true;
      }
      before = active.get();
    }
    return false;
  }

  private void work() {
    while (true) {
      for (HeldJob job = next(); job != null; job = next()) {
        Runner.Ended ended = runner.run(job);
        if (ended == null) {
          return;
        }
        // First free, then acked: the exchange that the ack wakes sees the free slot.
        leave(job);
        runner.acknowledge(job, ended);
      }
      active.decrementAndGet();
      if (!mayRun() || !enter()) {
        return;
      }
    }
  }

  private @Nullable HeldJob next() {
    HeldJob suspect = nextSuspect();
    if (suspect != null) {
      return suspect;
    }
    int count = queues.size();
    int first = count == 1 ? 0 : Math.floorMod(turn.getAndIncrement(), count);
    for (int i = 0; i < count; i++) {
      HeldJob job = queues.get((first + i) % count).take();
      if (job != null) {
        return job;
      }
    }
    return null;
  }

  private @Nullable HeldJob nextSuspect() {
    if (suspects.isEmpty() || !suspectRuns.compareAndSet(false, true)) {
      return null;
    }
    for (HeldJob job = suspects.poll(); job != null; job = suspects.poll()) {
      if (job.start()) {
        job.queue.enter();
        return job;
      }
    }
    suspectRuns.set(false);
    return null;
  }

  private void leave(HeldJob job) {
    job.queue.leave();
    if (job.job.crashes() > 0) {
      suspectRuns.set(false);
    }
  }

  /** The slot of {@code job} is given up: its thread may be stuck for ever. */
  void abandon(HeldJob job) {
    leave(job);
    active.decrementAndGet();
    pump();
  }
}
