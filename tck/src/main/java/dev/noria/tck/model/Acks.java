package dev.noria.tck.model;

import dev.noria.job.ErrorInfo;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How leases end or go on (S3, S4). */
final class Acks {
  private final Realm realm;
  private final Decisions decisions;
  private final Ends ends;
  private final Enqueues enqueues;

  Acks(Realm realm, Ends ends, Enqueues enqueues) {
    this.realm = realm;
    this.decisions = realm.decisions;
    this.ends = ends;
    this.enqueues = enqueues;
  }

  /** The job of a lease, if the lease is current. */
  @Nullable Entry current(Lease lease) {
    Entry entry = realm.job(lease.id());
    return entry != null && decisions.isCurrent(entry, lease) ? entry : null;
  }

  /** States and keys first, then follow-up jobs, then those that wait for the ended ones. */
  List<AckReceipt> ack(List<Ack> acks, Instant now) {
    List<AckReceipt> receipts = new ArrayList<>();
    List<Entry> ended = new ArrayList<>();
    List<NewJob> followUps = new ArrayList<>();
    for (Ack ack : acks) {
      Entry entry = current(ack.lease());
      if (decisions.storesFollowUps(entry != null)) {
        followUps.addAll(ack.followUps());
      }
      if (entry == null) {
        receipts.add(AckReceipt.stale(ack.lease().id()));
        continue;
      }
      receipts.add(AckReceipt.applied(entry.id()));
      if (decisions.stores(ack)) {
        apply(entry, ack, now);
        ended.add(entry);
      }
    }
    enqueues.enqueue(followUps, now);
    Report report = new Report();
    ended.stream()
        .filter(entry -> entry.state.isFinished())
        .forEach(entry -> ends.settleAfter(entry, report, now));
    return receipts;
  }

  private void apply(Entry entry, Ack ack, Instant now) {
    entry.crashes = decisions.crashesAfter(ack, entry.crashes);
    switch (ack.kind()) {
      case COMPLETED -> complete(entry, (Ack.Completed) ack, now);
      case RETRY -> retry(entry, (Ack.Retry) ack, now);
      case DEAD -> {
        remember(entry, ((Ack.Dead) ack).error(), now);
        finish(entry, JobState.DEAD, Reasons.FAILED, now);
      }
      case RELEASED -> release(entry, (Ack.Released) ack, now);
      case CANCELLED -> finish(entry, JobState.CANCELLED, ((Ack.Cancelled) ack).reason(), now);
    }
  }

  private void complete(Entry entry, Ack.Completed ack, Instant now) {
    entry.result = ack.result();
    Duration own = entry.job.retention().completed();
    Duration retention = ack.retention() == null ? own : ack.retention();
    ends.finish(entry, JobState.COMPLETED, null, retention, now);
  }

  private void retry(Entry entry, Ack.Retry ack, Instant now) {
    remember(entry, ack.error(), now);
    waitAgain(entry, ack.at(), null, now);
  }

  private void release(Entry entry, Ack.Released ack, Instant now) {
    entry.attempt = decisions.released(entry.attempt);
    waitAgain(entry, ack.at(), ack.reason(), now);
  }

  /** Back into its line; without an instant at its old place. */
  void waitAgain(Entry entry, @Nullable Instant at, @Nullable String reason, Instant now) {
    if (decisions.cancels(entry)) {
      finish(entry, JobState.CANCELLED, Reasons.CANCELLED, now);
      return;
    }
    realm.change(
        entry,
        now,
        job -> {
          job.reason = reason;
          if (at == null) {
            job.state = JobState.READY;
          } else {
            realm.await(job, at, now);
          }
        });
    if (decisions.takesBack()) {
      realm.keys.take(entry, now);
    }
  }

  private void finish(Entry entry, JobState state, String reason, Instant now) {
    ends.finish(entry, state, reason, entry.job.retention().of(state), now);
  }

  private void remember(Entry entry, ErrorInfo error, Instant now) {
    List<FailedAttempt> history = new ArrayList<>(entry.history);
    history.add(entry.failure(error, now));
    entry.history = decisions.kept(history);
  }

  List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt) {
    return leases.stream()
        .map(use -> new ExtendReceipt(use.lease().id(), extend(use, expiresAt)))
        .toList();
  }

  private ExtendReceipt.Status extend(LeaseUse use, Instant expiresAt) {
    Entry entry = current(use.lease());
    if (entry == null) {
      return decisions.admitsLoss() ? ExtendReceipt.Status.LOST : ExtendReceipt.Status.EXTENDED;
    }
    entry.started |= decisions.marksStarted(use);
    entry.abandoned |= use.abandoned();
    if (!entry.abandoned) {
      entry.leaseExpiresAt = decisions.extended(entry.leaseExpiresAt, expiresAt);
    }
    return entry.cancelRequested && decisions.tellsCancel()
        ? ExtendReceipt.Status.CANCEL_REQUESTED
        : ExtendReceipt.Status.EXTENDED;
  }
}
