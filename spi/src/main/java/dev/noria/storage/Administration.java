package dev.noria.storage;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.QueuePolicy;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changing what is stored, by an operator or the application. Thread-safe. */
public interface Administration extends Capability {

  /**
   * C2.1. Cancels: a waiting job becomes CANCELLED (APPLIED), a running one gets a request
   * (REQUESTED) which its next extend reports.
   */
  List<ChangeReceipt> cancel(Collection<JobId> ids, Instant now);

  /** C2.2. Deletes; a RUNNING one is refused. Waiting dependents are settled as for CANCELLED. */
  List<ChangeReceipt> delete(Collection<JobId> ids, Instant now);

  /** C2.3. Gives waiting jobs another due instant; a BLOCKED one keeps it for later. */
  List<ChangeReceipt> reschedule(Collection<JobId> ids, Instant dueAt, Instant now);

  /** C2.4. Gives waiting jobs another priority, −100 to 100. */
  List<ChangeReceipt> reprioritise(Collection<JobId> ids, int priority, Instant now);

  /**
   * C2.5. Makes finished jobs READY again: generation+1, attempt, crashes and cancel flag reset,
   * history kept, result dropped, due now; the epoch goes on. Takes the key or answers KEY_TAKEN.
   */
  List<ChangeReceipt> replay(Collection<JobId> ids, Instant now);

  /**
   * C2.6. Deletes finished jobs that ended before {@code olderThan}, oldest first, sparing those
   * that somebody depends on.
   *
   * @param queue only of this queue; null: of all
   * @param states which final states
   * @param limit most jobs to delete
   * @return how many were deleted
   */
  int purge(
      @Nullable String queue, Set<JobState> states, Instant olderThan, int limit, Instant now);

  /** C2.7. Deletes at most {@code limit} READY and SCHEDULED jobs of a queue; returns how many. */
  int discardWaiting(String queue, int limit, Instant now);

  /** C2.8. Pauses a queue: a dequeue started after this returned gives nothing of it (I11). */
  void pause(String queue, Instant now);

  /** C2.9. Ends a pause, and wakes sleepers. */
  void resume(String queue, Instant now);

  /** C2.10. Deletes at most {@code limit} jobs of the queue in any state but RUNNING. */
  int clear(String queue, int limit, Instant now);

  /**
   * C2.11. Stores the policy of a queue; valid for every dequeue that starts after this returned.
   *
   * @return the version of the namespace's policies, growing with each change
   */
  long setPolicy(String queue, QueuePolicy policy, Instant now);

  /** C2.11. The policy of a queue; {@link QueuePolicy#UNLIMITED} when none was set. */
  QueuePolicy policy(String queue);

  /**
   * What became of one change.
   *
   * @param id the job
   * @param status the answer
   */
  record ChangeReceipt(JobId id, ChangeStatus status) {}

  /** The answers. */
  enum ChangeStatus {
    /** Done. */
    APPLIED,
    /** The job runs; the request is noted for it. */
    REQUESTED,
    /** The job is finished, and the change is for unfinished ones. */
    ALREADY_FINISHED,
    /** The job is not finished, and the change is for finished ones. */
    NOT_FINISHED,
    /** The job runs, and the change is not for running ones. */
    RUNNING,
    /** Another job holds its key. */
    KEY_TAKEN,
    /** There is no such job. */
    UNKNOWN
  }
}
