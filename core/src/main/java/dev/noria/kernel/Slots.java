package dev.noria.kernel;

import dev.noria.storage.LeasedJob;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what the buffer holds: as many slots as the concurrency allows, each a task on the executor
 * that takes jobs until there are none. Jobs that have crashed a process before run one at a time
 * (S5.1), so that a poison job does not take its neighbours with it: the next one starts when the
 * verdict on the last one is stored, for a crash before that would count against both.
 */
final class Slots {
  private static final Logger LOG = LoggerFactory.getLogger(Slots.class);
  private static final Object CLAIM = new Object();

  private final List<QueueSlots> queues;
  private final int concurrency;
  private final Executor executor;
  private final Runner runner;
  private final AtomicInteger active = new AtomicInteger();
  private final Turns turns;
  private final ConcurrentLinkedQueue<HeldJob> suspects = new ConcurrentLinkedQueue<>();

  /** The suspect that runs, or whose ack is on its way; {@link #CLAIM} while one is looked for. */
  private final AtomicReference<@Nullable Object> suspect = new AtomicReference<>();

  Slots(List<QueueSlots> queues, int concurrency, Executor executor, Runner runner) {
    this.queues = List.copyOf(queues);
    this.turns = new Turns(queues.stream().mapToInt(queue -> queue.weight).toArray());
    this.concurrency = concurrency;
    this.executor = executor;
    this.runner = runner;
  }

  /** Forgets suspects that went back. */
  void prune() {
    suspects.removeIf(job -> !job.isWaiting());
    queues.forEach(QueueSlots::prune);
  }

  int active() {
    return active.get();
  }

  int buffered() {
    int sum = 0;
    for (QueueSlots queue : queues) {
      sum += queue.buffered();
    }
    return sum;
  }

  /**
   * How many more suspects may wait here. The rest goes back for a while: they come first in their
   * line, and while one of them runs for an hour the others would fill every dequeue.
   */
  int roomForSuspects() {
    int sum = 0;
    for (QueueSlots queue : queues) {
      sum += queue.suspects();
    }
    return Math.max(0, concurrency - sum);
  }

  void add(HeldJob job) {
    if (job.isSuspect()) {
      job.queue.addSuspect();
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
      } catch (Throwable e) {
        // An executor may be full, shut down, or unable to make another thread.
        active.decrementAndGet();
        LOG.error("The handler executor refused a task; its jobs go back after a while.", e);
        return;
      }
    }
  }

  private boolean mayRun() {
    if (!suspects.isEmpty() && suspect.get() == null) {
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
        if (!runOne(job)) {
          return;
        }
      }
      active.decrementAndGet();
      if (!mayRun() || !enter()) {
        return;
      }
    }
  }

  /** Runs one job and sends its ack; false when the slot was given up meanwhile. */
  private boolean runOne(HeldJob job) {
    Runner.Ended ended = null;
    try {
      ended = runner.run(job);
      if (ended == null) {
        return false;
      }
    } catch (Throwable e) {
      broken(job, e);
    }
    // First free, then acked: the exchange that the ack wakes sees the free slot.
    job.queue.leave();
    boolean acked = false;
    try {
      acked = ended != null && runner.acknowledge(job, ended);
    } catch (Throwable e) {
      broken(job, e);
    }
    if (!acked) {
      over(job.job);
    }
    return true;
  }

  /** Not even an Error may cost a slot, or keep the lease of a job that nobody runs. */
  private static void broken(HeldJob job, Throwable error) {
    LOG.error("Job {} has no verdict; it runs again when its lease expires.", job.job.id(), error);
    job.done();
  }

  private @Nullable HeldJob next() {
    HeldJob first = nextSuspect();
    if (first != null) {
      return first;
    }
    HeldJob next = queues.get(turns.next()).take();
    return next != null || queues.size() == 1 ? next : nextOfOthers();
  }

  private @Nullable HeldJob nextOfOthers() {
    int count = queues.size();
    int start = turns.spare();
    for (int i = 0; i < count; i++) {
      HeldJob job = queues.get((start + i) % count).take();
      if (job != null) {
        return job;
      }
    }
    return null;
  }

  private @Nullable HeldJob nextSuspect() {
    if (suspects.isEmpty() || !suspect.compareAndSet(null, CLAIM)) {
      return null;
    }
    for (HeldJob job = suspects.poll(); job != null; job = suspects.poll()) {
      if (job.start()) {
        suspect.set(job.job);
        job.queue.enter();
        return job;
      }
    }
    suspect.set(null);
    return null;
  }

  /** The verdict on a job is stored, or never will be: the next suspect may start. */
  void settled(LeasedJob job) {
    if (over(job)) {
      pump();
    }
  }

  private boolean over(LeasedJob job) {
    return suspect.compareAndSet(job, null);
  }

  /** The slot of {@code job} is given up: its thread may be stuck for ever. */
  void abandon(HeldJob job) {
    job.queue.leave();
    over(job.job);
    active.decrementAndGet();
    pump();
  }
}
