package dev.noria.engine;

import dev.noria.job.ErrorInfo;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Lease;
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

  List<AckReceipt> ack(List<Ending> endings, long now) {
    List<AckReceipt> receipts = new ArrayList<>(endings.size());
    for (Ending ending : endings) {
      Lease lease = ending.ack().lease();
      Entry entry = world.leased(lease);
      if (entry == null) {
        receipts.add(AckReceipt.stale(lease.id()));
      } else {
        apply(entry, ending, now);
        receipts.add(AckReceipt.applied(lease.id()));
      }
    }
    return receipts;
  }

  private void apply(Entry entry, Ending ending, long now) {
    Ack ack = ending.ack();
    switch (ack.kind()) {
      case COMPLETED -> completed(entry, ending, now);
      case RETRY -> retry(entry, ending, now);
      case DEAD -> {
        failed(entry, ((Ack.Dead) ack).error(), ending, now);
        finish(entry, JobState.DEAD, Reasons.FAILED, ending, now);
      }
      case RELEASED -> released(entry, (Ack.Released) ack, now);
      case CANCELLED ->
          finish(entry, JobState.CANCELLED, ((Ack.Cancelled) ack).reason(), ending, now);
    }
  }

  private void completed(Entry entry, Ending ending, long now) {
    Ack.Completed ack = (Ack.Completed) ending.ack();
    Content result = ending.result();
    if (result != null) {
      entry.extras().result(result, world.live);
    }
    if (ack.retention() != null) {
      entry.extras().retention = ack.retention();
    }
    finish(entry, JobState.COMPLETED, null, ending, now);
  }

  /** The follow-up jobs come after the end, which frees a key, and before the job may vanish. */
  private void finish(Entry entry, JobState to, @Nullable String reason, Ending ending, long now) {
    Run run = entry.run();
    run.crashes = 0;
    run.reason = reason;
    world.move(entry, to, now);
    if (!ending.followUps().isEmpty()) {
      enqueuing.accept(ending.followUps(), now);
    }
    world.retire(entry, now);
  }

  private void retry(Entry entry, Ending ending, long now) {
    Ack.Retry ack = (Ack.Retry) ending.ack();
    failed(entry, ack.error(), ending, now);
    Run run = entry.run();
    run.crashes = 0;
    if (entry.isCancelRequested()) {
      world.end(entry, JobState.CANCELLED, Reasons.CANCELLED, now);
      return;
    }
    run.reason = null;
    world.waitUntil(entry, ack.at().toEpochMilli(), now);
  }

  private void released(Entry entry, Ack.Released ack, long now) {
    Run run = entry.run();
    run.attempt--;
    if (entry.isCancelRequested()) {
      world.end(entry, JobState.CANCELLED, Reasons.CANCELLED, now);
      return;
    }
    run.reason = ack.reason();
    if (ack.at() == null) {
      world.move(entry, JobState.READY, now);
    } else {
      world.waitUntil(entry, ack.at().toEpochMilli(), now);
    }
  }

  private void failed(Entry entry, ErrorInfo error, Ending ending, long now) {
    Run run = entry.run();
    Content place = ending.content();
    Attempt attempt =
        new Attempt(
            run.generation,
            run.attempt,
            run.owner,
            run.startedAt,
            now,
            error.fingerprint(),
            place == null ? error : null,
            place);
    entry.extras().failed(attempt, world.live);
  }
}
