package dev.noria.examples.drawer;

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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stored job. What orders or places it changes only inside {@link Drawer#change}. */
final class Entry {
  NewJob job;
  final Instant enqueuedAt;
  JobState state = JobState.BLOCKED;
  Instant dueAt;
  int attempt;
  int crashes;
  long epoch;
  @Nullable String reason;
  @Nullable Instant finishedAt;
  @Nullable Instant keepUntil;
  @Nullable Bytes result;
  List<FailedAttempt> history = List.of();

  /** Whom it still waits for. */
  final Set<JobId> waitsFor = new LinkedHashSet<>();

  /** Its place among READY jobs of one instant, and among SCHEDULED ones. */
  long place;

  long arrival;

  // The last lease; it means something only while RUNNING.
  String owner = "";
  long nonce;
  Instant leasedAt;
  Instant leaseExpiresAt;
  boolean started;
  boolean abandoned;

  Entry(NewJob job, Instant now) {
    this.job = job;
    this.enqueuedAt = now;
    this.dueAt = now;
    this.leasedAt = now;
    this.leaseExpiresAt = now;
  }

  String queue() {
    return job.queue();
  }

  String group() {
    String group = job.group();
    return group == null ? "" : group;
  }

  Instant runAt() {
    Instant runAt = job.runAt();
    return runAt == null ? enqueuedAt : runAt;
  }

  boolean isPastDeadline(Instant now) {
    Instant deadline = job.deadline();
    return deadline != null && now.isAfter(deadline);
  }

  boolean isLast() {
    return job.maxAttempts() > 0 && attempt >= job.maxAttempts();
  }

  /** S2.2: a new lease. */
  void lease(DequeueRequest request, Instant now) {
    state = JobState.RUNNING;
    epoch++;
    attempt++;
    owner = request.owner();
    nonce = request.nonce();
    leasedAt = now;
    leaseExpiresAt = request.expiresAt();
    started = false;
    abandoned = false;
  }

  /** S3.2: whether this lease is the current one. */
  boolean isHeldBy(Lease lease) {
    return state == JobState.RUNNING && epoch == lease.epoch() && nonce == lease.nonce();
  }

  /** S3.5: the first and the last nine failures are kept. */
  void remember(ErrorInfo error, Instant now) {
    List<FailedAttempt> all = new ArrayList<>(history);
    all.add(new FailedAttempt(0, attempt, error, owner, leasedAt, now));
    if (all.size() > FailedAttempt.KEPT) {
      all.remove(1);
    }
    history = List.copyOf(all);
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
        0,
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

  /** S6: the job with the parts that are asked for. */
  StoredJob stored(Set<Part> parts) {
    boolean running = state == JobState.RUNNING;
    JobStatus status =
        new JobStatus(
            state,
            enqueuedAt,
            dueAt,
            finishedAt,
            attempt,
            crashes,
            epoch,
            0,
            reason,
            false,
            running ? owner : null,
            running ? leaseExpiresAt : null);
    return new StoredJob(
        parts.contains(Part.PAYLOAD) ? job : job.withPayload(Bytes.EMPTY),
        status,
        parts.contains(Part.RESULT) ? result : null,
        parts.contains(Part.HISTORY) ? history : List.of(),
        JobNotes.NONE);
  }
}
