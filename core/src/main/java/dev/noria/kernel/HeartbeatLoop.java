package dev.noria.kernel;

import dev.noria.job.JobId;
import dev.noria.job.Outcome;
import dev.noria.kernel.AttemptRun.Stop;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every held lease alive, in batches and never behind a slow exchange; stops handlers whose
 * lease is lost, and gives back what has waited too long. Thread-safe.
 */
final class HeartbeatLoop {
  private static final Logger LOG = LoggerFactory.getLogger(HeartbeatLoop.class);

  private final JobStorage storage;
  private final KernelClock clock;
  private final Holdings holdings;
  private final Acks acks;
  private final Duration lease;
  private final int batch;
  private final Backoff backoff = new Backoff(1_000);
  private volatile long beatenNanos;

  HeartbeatLoop(
      JobStorage storage, KernelClock clock, Holdings holdings, Acks acks, Duration lease) {
    this.storage = storage;
    this.clock = clock;
    this.holdings = holdings;
    this.acks = acks;
    this.lease = lease;
    this.batch = Math.min(1_000, storage.info().limits().batchJobs());
    this.beatenNanos = clock.nanos();
  }

  /** For how long nothing was extended; every lease is, as long as all is well. */
  long sinceNanos(long nanos) {
    return nanos - beatenNanos;
  }

  /** A heartbeat that hangs for so long is replaced while the leases are still safe. */
  Duration patience() {
    return Duration.ofMillis(Math.max(5_000, lease.toMillis() / 4));
  }

  /** How long after {@code start} a lease taken then is safe: a sixth, or 2 s, is the margin. */
  long safeUntil(long startNanos) {
    long margin = Math.min(lease.toNanos() / 3, Math.max(2_000_000_000L, lease.toNanos() / 6));
    return startNanos + lease.toNanos() - margin;
  }

  /** Extends everything once; comes back after a third of the lease. */
  long beat(Tenure tenure) {
    giveBackOld();
    List<HeldJob> held = new ArrayList<>();
    holdings.forEach(held::add);
    try {
      for (int from = 0; from < held.size(); from += batch) {
        extend(tenure, held.subList(from, Math.min(held.size(), from + batch)));
      }
      backoff.reset();
      beatenNanos = clock.nanos();
      return lease.toMillis() / 3;
    } catch (StorageException e) {
      LOG.debug("A heartbeat failed; it is repeated.", e);
      return Math.min(lease.toMillis() / 3, backoff.nextMillis());
    }
  }

  private void giveBackOld() {
    long oldest = clock.nanos() - lease.toNanos() / 3;
    holdings.forEach(
        held -> {
          if (held.isWaiting() && held.leasedNanos - oldest < 0) {
            acks.giveBack(held);
          }
        });
  }

  private void extend(Tenure tenure, List<HeldJob> held) {
    List<LeaseUse> uses = new ArrayList<>(held.size());
    for (HeldJob job : held) {
      uses.add(new LeaseUse(job.job.lease(), job.started));
    }
    long start = clock.nanos();
    List<ExtendReceipt> receipts = tenure.out(() -> send(uses));
    for (int i = 0; i < held.size(); i++) {
      apply(held.get(i), receipts.get(i).status(), start);
    }
  }

  private List<ExtendReceipt> send(List<LeaseUse> uses) {
    Instant now = clock.now();
    return storage.extend(uses, now.plus(lease), now);
  }

  private void apply(HeldJob held, ExtendReceipt.Status status, long start) {
    switch (status) {
      case EXTENDED -> held.extended(safeUntil(start));
      case CANCEL_REQUESTED -> {
        held.extended(safeUntil(start));
        cancel(held);
      }
      case LOST -> lost(held);
    }
  }

  private void lost(HeldJob held) {
    AttemptRun run = held.run();
    // An attempt that has just sent its ack is answered LOST as well; it is done by then.
    if (!held.isDone() && run != null) {
      run.stop(Stop.LOST, "The lease was lost: another worker may run the job.");
    }
    held.giveBack();
  }

  /** Somebody wants this job to stop. */
  void cancel(HeldJob held) {
    acks.giveBack(held);
    AttemptRun run = held.run();
    if (run != null) {
      run.stop(Stop.CANCELLED, "The job was cancelled.");
    }
  }

  void cancel(JobId id) {
    HeldJob held = holdings.find(id);
    if (held != null) {
      cancel(held);
    }
  }

  /** Stops handlers whose lease is not safe any more; comes back often enough for the margin. */
  long fence() {
    long nanos = clock.nanos();
    holdings.forEach(
        held -> {
          AttemptRun run = held.run();
          if (run != null && !held.isSafe(nanos)) {
            run.stop(Stop.UNSAFE, "The lease could not be extended in time.");
          }
        });
    return Math.max(1, lease.toMillis() / 12);
  }

  /** Extends one lease by hand; false when it is lost or the storage does not answer. */
  boolean extendNow(HeldJob held) {
    ExtendReceipt.Status status = touch(held, new LeaseUse(held.job.lease(), held.started));
    return status != null && status != ExtendReceipt.Status.LOST;
  }

  /** Marks a job as started before its handler runs; null, or why it must not run. */
  @Nullable Outcome markStarted(HeldJob held) {
    held.started = true;
    ExtendReceipt.Status status = touch(held, new LeaseUse(held.job.lease(), true));
    if (status == null) {
      // The mark may be stored: left to expire, a job that never ran would count as one that did.
      return new Outcome.Released(null, null);
    }
    return status == ExtendReceipt.Status.LOST ? new Outcome.Lost() : null;
  }

  private ExtendReceipt.@Nullable Status touch(HeldJob held, LeaseUse use) {
    long start = clock.nanos();
    try {
      ExtendReceipt.Status status = send(List.of(use)).get(0).status();
      apply(held, status, start);
      return status;
    } catch (StorageException e) {
      LOG.warn("The lease of job {} could not be extended.", held.job.id(), e);
      return null;
    }
  }

  /** Gives up attempts: no heartbeat any more, and the storage counts an attempt, no crash. */
  void abandon(List<HeldJob> given) {
    List<LeaseUse> uses = new ArrayList<>(given.size());
    for (HeldJob held : given) {
      held.done();
      uses.add(LeaseUse.abandoned(held.job.lease()));
    }
    try {
      Instant now = clock.now();
      for (int from = 0; from < uses.size(); from += batch) {
        List<ExtendReceipt> ignored =
            storage.extend(uses.subList(from, Math.min(uses.size(), from + batch)), now, now);
      }
    } catch (StorageException e) {
      LOG.warn(
          "{} jobs could not be marked as abandoned; they may count as crashes: {}",
          uses.size(),
          given.get(0).job.id(),
          e);
    }
  }
}
