package dev.noria.tck.model;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stored job. What orders or places it changes only inside {@link Realm#change}. */
final class Entry {
  NewJob job;
  Instant enqueuedAt;
  JobState state = JobState.BLOCKED;
  Instant dueAt;
  @Nullable Instant finishedAt;
  @Nullable Instant keepUntil;
  int attempt;
  int crashes;
  long epoch;
  int generation;
  @Nullable String reason;
  boolean cancelRequested;

  /** As if its stored form could not be read any more. */
  boolean corrupt;

  // The last lease; it means something only while RUNNING.
  String owner = "";
  long nonce;
  Instant leasedAt;
  Instant leaseExpiresAt;
  boolean started;
  boolean abandoned;

  /** Its place in the line; 0 before it has ever been READY in this generation. */
  long place;

  /** Grows each time the job begins to wait: decides among equal due instants. */
  long arrival;

  @Nullable Bytes result;
  List<FailedAttempt> history = List.of();
  JobNotes notes = JobNotes.NONE;

  /** Whom it still waits for; a dependency that is done is not here any more. */
  final Set<JobId> waitsFor = new LinkedHashSet<>();

  /** Those of them that were deleted: they are not merely missing, and never come back. */
  final Set<JobId> deleted = new LinkedHashSet<>();

  Entry(NewJob job, Instant now) {
    this.job = job;
    this.enqueuedAt = now;
    this.dueAt = now;
    this.leasedAt = now;
    this.leaseExpiresAt = now;
  }

  JobId id() {
    return job.id();
  }

  String group() {
    String group = job.group();
    return group == null ? "" : group;
  }

  /** When it was asked to run. */
  Instant runAt() {
    Instant runAt = job.runAt();
    return runAt == null ? enqueuedAt : runAt;
  }

  boolean isPastDeadline(Instant now) {
    Instant deadline = job.deadline();
    return deadline != null && now.isAfter(deadline);
  }

  void lease(DequeueRequest request, Instant now) {
    epoch++;
    attempt++;
    owner = request.owner();
    nonce = request.nonce();
    leasedAt = now;
    leaseExpiresAt = request.expiresAt();
    started = false;
    abandoned = false;
  }

  FailedAttempt failure(ErrorInfo error, Instant now) {
    return new FailedAttempt(generation, attempt, error, owner, leasedAt, now);
  }

  LeasedJob leased() {
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

  /** The job with only those parts that are asked for. */
  StoredJob stored(Set<Part> parts) {
    return new StoredJob(
        parts.contains(Part.PAYLOAD) ? job : job.withPayload(Bytes.EMPTY),
        status(),
        parts.contains(Part.RESULT) ? result : null,
        parts.contains(Part.HISTORY) ? history : List.of(),
        parts.contains(Part.NOTES) ? notes : JobNotes.NONE);
  }

  private JobStatus status() {
    boolean running = state == JobState.RUNNING;
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
        cancelRequested,
        running ? owner : null,
        running ? leaseExpiresAt : null);
  }

  /** The job of this entry with payload, headers and due instant of {@code other}. */
  NewJob replacedBy(NewJob other) {
    return new NewJob(
        job.id(),
        job.type(),
        job.queue(),
        other.payload(),
        other.headers(),
        other.runAt(),
        job.priority(),
        job.lifo(),
        job.group(),
        job.limitKey(),
        job.key(),
        job.dependencies(),
        job.maxAttempts(),
        job.timeout(),
        job.deadline(),
        job.retention(),
        job.awaited());
  }
}
