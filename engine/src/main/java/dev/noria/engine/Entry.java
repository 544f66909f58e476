package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stored job: what was enqueued, where it stands, and its places in the side indexes. */
final class Entry {
  NewJob job;
  Line line;
  JobState state;
  final Instant enqueuedAt;

  /** When it becomes due; for READY jobs the instant that orders them. */
  Instant dueAt;

  /** Its place among jobs of one instant; for LIFO jobs the place that retries keep. */
  long sequence;

  /** Whether it has been READY in this generation, so that a LIFO job has a place to keep. */
  boolean placed;

  long epoch;
  int attempt;
  int crashes;
  int generation;
  @Nullable String reason;
  @Nullable Run run;
  private @Nullable Extras extras;

  /** Where it stands in the chain of its state: a line, a lease instant, or a retention instant. */
  @Nullable Chain chain;

  @Nullable Entry previous;
  @Nullable Entry next;

  /** Where it stands in the heap of scheduled jobs; negative when it does not. */
  int slot = -1;

  Entry(NewJob job, Line line, JobState state, Instant enqueuedAt) {
    this.job = job;
    this.line = line;
    this.state = state;
    this.enqueuedAt = enqueuedAt;
    this.dueAt = enqueuedAt;
  }

  JobId id() {
    return job.id();
  }

  /** The due instant that was asked for. */
  Instant runAt() {
    Instant asked = job.runAt();
    return asked == null ? enqueuedAt : asked;
  }

  boolean holds(Lease lease) {
    Run current = run;
    return current != null && epoch == lease.epoch() && current.nonce == lease.nonce();
  }

  boolean isCancelRequested() {
    return run != null && run.cancelRequested;
  }

  boolean isExpired(Instant now) {
    Instant deadline = job.deadline();
    return deadline != null && now.isAfter(deadline);
  }

  /** The rare parts, made when they are needed first. */
  Extras extras() {
    Extras present = extras;
    if (present == null) {
      present = new Extras();
      extras = present;
    }
    return present;
  }

  @Nullable Extras extrasOrNull() {
    return extras;
  }

  LeasedJob leased(long nonce) {
    return new LeasedJob(
        new Lease(job.id(), epoch, nonce, Bytes.EMPTY),
        job.type(),
        job.queue(),
        job.payload(),
        job.headers(),
        attempt,
        job.maxAttempts(),
        crashes,
        generation,
        job.priority(),
        job.group(),
        job.limitKey(),
        enqueuedAt,
        runAt(),
        job.timeout(),
        job.deadline(),
        job.retention(),
        job.awaited());
  }

  StoredJob stored(Set<Part> parts) {
    Extras rare = extras;
    NewJob shown = parts.contains(Part.PAYLOAD) ? job : withoutPayload();
    if (rare == null) {
      return new StoredJob(shown, status(null), null, List.of(), JobNotes.NONE);
    }
    return new StoredJob(
        shown,
        status(rare.finishedAt),
        parts.contains(Part.RESULT) ? rare.result : null,
        parts.contains(Part.HISTORY) ? rare.history() : List.of(),
        parts.contains(Part.NOTES) ? rare.notes() : JobNotes.NONE);
  }

  private NewJob withoutPayload() {
    return job.payload().isEmpty() ? job : job.withPayload(Bytes.EMPTY);
  }

  private JobStatus status(@Nullable Instant finishedAt) {
    Run current = run;
    return new JobStatus(
        state,
        enqueuedAt,
        dueAt,
        finishedAt,
        attempt,
        crashes,
        epoch,
        generation,
        reason,
        isCancelRequested(),
        current == null ? null : current.owner,
        current == null ? null : current.expiresAt);
  }
}
