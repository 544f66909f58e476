package dev.noria.storage.postgres;

import dev.noria.job.Bytes;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobNotes;
import dev.noria.job.JobStatus;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows as the contract shows them. */
final class Views {
  private Views() {}

  /** The job as its row says that it is leased. */
  static LeasedJob leased(JobRow row, NewJob job) {
    return leased(row, job, new Lease(row.id, row.epoch, row.nonce, Bytes.EMPTY));
  }

  /** The job as it will be leased in this transaction. */
  static LeasedJob leasedNext(JobRow row, NewJob job, long nonce) {
    row.attempt++;
    return leased(row, job, new Lease(row.id, row.epoch + 1L, nonce, Bytes.EMPTY));
  }

  private static LeasedJob leased(JobRow row, NewJob job, Lease lease) {
    Instant enqueuedAt = Instant.ofEpochMilli(row.enqueued);
    return new LeasedJob(
        lease,
        job.type(),
        job.queue(),
        job.payload(),
        job.headers(),
        row.attempt,
        job.maxAttempts(),
        row.crashes,
        row.generation,
        job.priority(),
        job.group(),
        job.limitKey(),
        enqueuedAt,
        job.runAt() == null ? enqueuedAt : job.runAt(),
        job.timeout(),
        job.deadline(),
        job.retention(),
        job.awaited());
  }

  static StoredJob stored(Session session, JobRow row, Set<Part> parts) throws SQLException {
    NewJob job = row.job(session.names().name(session, row.queue));
    if (!parts.contains(Part.PAYLOAD) && !job.payload().isEmpty()) {
      job = job.withPayload(Bytes.EMPTY);
    }
    Bytes result =
        parts.contains(Part.RESULT) && row.has(Flags.RESULT)
            ? session
                .sql("result.of")
                .with(row.id)
                .first(found -> Bytes.owned(Stmt.bytes(found, 1)))
                .orElse(null)
            : null;
    List<FailedAttempt> history =
        parts.contains(Part.HISTORY) && row.has(Flags.FAILURES)
            ? Failures.of(session, row.id)
            : List.of();
    JobNotes notes =
        parts.contains(Part.NOTES) && row.has(Flags.NOTES)
            ? NoteTable.of(session, row.id)
            : JobNotes.NONE;
    return new StoredJob(job, status(session, row), result, history, notes);
  }

  private static JobStatus status(Session session, JobRow row) throws SQLException {
    String owner =
        row.held
            ? session.sql("worker.name").with(row.nonce).first(o -> o.getString(1)).orElse(null)
            : null;
    return new JobStatus(
        row.state,
        Instant.ofEpochMilli(row.enqueued),
        Instant.ofEpochMilli(row.due),
        instant(row.finished),
        row.attempt,
        row.crashes,
        row.epoch,
        row.generation,
        row.reason,
        row.has(Flags.CANCEL),
        owner,
        instant(row.expires));
  }

  private static @Nullable Instant instant(long millis) {
    return millis < 0 ? null : Instant.ofEpochMilli(millis);
  }
}
