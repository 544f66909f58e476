package dev.noria.examples.drawer;

import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.LeaseUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How leases end or go on (S3, S4). */
final class Acks {
  private final Drawer drawer;
  private final Ends ends;

  Acks(Drawer drawer, Ends ends) {
    this.drawer = drawer;
    this.ends = ends;
  }

  /** States and keys first, then follow-up jobs, then those that wait for the ended ones. */
  List<AckReceipt> run(List<Ack> acks, Instant now) {
    List<AckReceipt> receipts = new ArrayList<>();
    List<Entry> touched = new ArrayList<>();
    List<NewJob> followUps = new ArrayList<>();
    for (Ack ack : acks) {
      @Nullable Entry entry = drawer.jobs.get(ack.lease().id());
      if (entry == null || !entry.isHeldBy(ack.lease())) {
        receipts.add(AckReceipt.stale(ack.lease().id()));
        continue;
      }
      apply(entry, ack, now);
      receipts.add(AckReceipt.applied(entry.job.id()));
      touched.add(entry);
      followUps.addAll(ack.followUps());
    }
    var ignored = new Enqueues(drawer, now).run(followUps, ends);
    touched.stream()
        .filter(entry -> entry.state.isFinished())
        .forEach(entry -> ends.settleAfter(entry, now));
    return receipts;
  }

  private void apply(Entry entry, Ack ack, Instant now) {
    if (ack.kind() != Ack.Kind.RELEASED) {
      entry.crashes = 0;
    }
    if (ack instanceof Ack.Completed completed) {
      Duration own = completed.retention();
      entry.result = completed.result();
      Duration retention = own == null ? entry.job.retention().completed() : own;
      ends.finish(entry, JobState.COMPLETED, null, retention, now);
    } else if (ack instanceof Ack.Retry retry) {
      entry.remember(retry.error(), now);
      waitAgain(entry, retry.at(), null, now);
    } else if (ack instanceof Ack.Dead dead) {
      entry.remember(dead.error(), now);
      Duration retention = entry.job.retention().failed();
      ends.finish(entry, JobState.DEAD, Reasons.FAILED, retention, now);
    } else if (ack instanceof Ack.Released released) {
      entry.attempt--;
      waitAgain(entry, released.at(), released.reason(), now);
    } else if (ack instanceof Ack.Cancelled cancelled) {
      Duration retention = entry.job.retention().failed();
      ends.finish(entry, JobState.CANCELLED, cancelled.reason(), retention, now);
    }
  }

  /** Back into the line; without an instant at the old place (S3.6). */
  void waitAgain(Entry entry, @Nullable Instant at, @Nullable String reason, Instant now) {
    entry.reason = reason;
    drawer.change(
        entry,
        () -> {
          if (at == null) {
            entry.state = JobState.READY;
          } else {
            drawer.await(entry, at, now);
          }
        });
    drawer.keys.take(entry, now);
  }

  /** S4: never shortens; an abandoned lease is not extended any more. */
  ExtendReceipt extend(LeaseUse use, Instant expiresAt) {
    @Nullable Entry entry = drawer.jobs.get(use.lease().id());
    if (entry == null || !entry.isHeldBy(use.lease())) {
      return new ExtendReceipt(use.lease().id(), ExtendReceipt.Status.LOST);
    }
    entry.started |= use.started();
    entry.abandoned |= use.abandoned();
    if (!entry.abandoned && expiresAt.isAfter(entry.leaseExpiresAt)) {
      entry.leaseExpiresAt = expiresAt;
    }
    return new ExtendReceipt(use.lease().id(), ExtendReceipt.Status.EXTENDED);
  }
}
