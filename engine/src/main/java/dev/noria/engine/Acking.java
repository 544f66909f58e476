package dev.noria.engine;

import dev.noria.job.ErrorInfo;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes acks (S3). */
final class Acking {
  private final World world;
  private final Enqueuing enqueuing;

  Acking(World world, Enqueuing enqueuing) {
    this.world = world;
    this.enqueuing = enqueuing;
  }

  List<AckReceipt> ack(List<Ack> acks, Instant now) {
    List<AckReceipt> receipts = new ArrayList<>(acks.size());
    for (Ack ack : acks) {
      Entry entry = world.leased(ack.lease());
      if (entry == null) {
        receipts.add(AckReceipt.stale(ack.lease().id()));
      } else {
        apply(entry, ack, now);
        receipts.add(AckReceipt.applied(entry.id()));
      }
    }
    return receipts;
  }

  private void apply(Entry entry, Ack ack, Instant now) {
    switch (ack.kind()) {
      case COMPLETED -> completed(entry, (Ack.Completed) ack, now);
      case RETRY -> retry(entry, (Ack.Retry) ack, now);
      case DEAD -> {
        failed(entry, ((Ack.Dead) ack).error(), now);
        entry.crashes = 0;
        finish(entry, JobState.DEAD, Reasons.FAILED, ack, now);
      }
      case RELEASED -> released(entry, (Ack.Released) ack, now);
      case CANCELLED -> {
        entry.crashes = 0;
        finish(entry, JobState.CANCELLED, ((Ack.Cancelled) ack).reason(), ack, now);
      }
    }
  }

  private void completed(Entry entry, Ack.Completed ack, Instant now) {
    if (ack.result() != null) {
      entry.extras().result = ack.result();
    }
    if (ack.retention() != null) {
      entry.extras().retention = ack.retention();
    }
    entry.crashes = 0;
    finish(entry, JobState.COMPLETED, null, ack, now);
  }

  /** The follow-up jobs come after the end, which frees a key, and before the job may vanish. */
  private void finish(Entry entry, JobState to, @Nullable String reason, Ack ack, Instant now) {
    entry.reason = reason;
    world.move(entry, to, now);
    if (!ack.followUps().isEmpty()) {
      enqueuing.accept(ack.followUps(), now);
    }
    world.retire(entry, now);
  }

  private void retry(Entry entry, Ack.Retry ack, Instant now) {
    failed(entry, ack.error(), now);
    entry.crashes = 0;
    if (entry.isCancelRequested()) {
      world.end(entry, JobState.CANCELLED, Reasons.CANCELLED, now);
      return;
    }
    entry.reason = null;
    world.waitUntil(entry, ack.at(), now);
  }

  private void released(Entry entry, Ack.Released ack, Instant now) {
    entry.attempt--;
    if (entry.isCancelRequested()) {
      world.end(entry, JobState.CANCELLED, Reasons.CANCELLED, now);
      return;
    }
    entry.reason = ack.reason();
    if (ack.at() == null) {
      world.move(entry, JobState.READY, now);
    } else {
      world.waitUntil(entry, ack.at(), now);
    }
  }

  private static void failed(Entry entry, ErrorInfo error, Instant now) {
    Run run = entry.run;
    String worker = run == null ? "" : run.owner;
    Instant startedAt = run == null ? now : run.startedAt;
    entry
        .extras()
        .failed(new FailedAttempt(entry.generation, entry.attempt, error, worker, startedAt, now));
  }
}
