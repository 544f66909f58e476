package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job as it is stored (S6): what was enqueued, where it stands, and the parts that were asked
 * for. Immutable.
 *
 * @param job what was enqueued, with {@code runAt} as asked for; the payload only when asked for
 * @param status where it stands
 * @param result its result; null when it has none or it was not asked for
 * @param history its failed attempts, oldest first; empty when not asked for
 * @param notes progress, log and steps; {@link JobNotes#NONE} when not asked for
 */
public record StoredJob(
    NewJob job,
    JobStatus status,
    @Nullable Bytes result,
    List<FailedAttempt> history,
    JobNotes notes) {

  /** Copies the history. */
  public StoredJob {
    requireNonNull(job, "job");
    requireNonNull(status, "status");
    history = List.copyOf(history);
    requireNonNull(notes, "notes");
  }

  /** Who it is. */
  public JobId id() {
    return job.id();
  }

  /** Its type. */
  public String type() {
    return job.type();
  }

  /** Its queue. */
  public String queue() {
    return job.queue();
  }

  /** Its state. */
  public JobState state() {
    return status.state();
  }
}
