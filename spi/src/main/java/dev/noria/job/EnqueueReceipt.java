package dev.noria.job;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What became of one job of an enqueue (S1.2). Immutable.
 *
 * @param status the answer
 * @param id the job that exists now: the new one, or for DUPLICATE and REPLACED the existing one;
 *     for REJECTED the one that was refused
 * @param state for DUPLICATE the state of the existing job; null where it is not known, and for
 *     every other answer
 * @param reason for REJECTED why, in words; else null
 */
public record EnqueueReceipt(
    Status status, JobId id, @Nullable JobState state, @Nullable String reason) {

  /** The four answers. */
  public enum Status {
    /** The job is stored. */
    ENQUEUED,
    /** A job of this id or key exists already and was left alone. */
    DUPLICATE,
    /** A waiting job of this key exists and got the new payload and due instant. */
    REPLACED,
    /** Nothing was stored. */
    REJECTED
  }

  /** No component is missing that its status needs. */
  public EnqueueReceipt {
    requireNonNull(status, "status");
    requireNonNull(id, "id");
  }

  /** The job {@code id} is stored. */
  public static EnqueueReceipt enqueued(JobId id) {
    return new EnqueueReceipt(Status.ENQUEUED, id, null, null);
  }

  /** The job {@code id}, now in {@code state}, was there already. */
  public static EnqueueReceipt duplicate(JobId id, @Nullable JobState state) {
    return new EnqueueReceipt(Status.DUPLICATE, id, state, null);
  }

  /** The waiting job {@code id} was changed. */
  public static EnqueueReceipt replaced(JobId id) {
    return new EnqueueReceipt(Status.REPLACED, id, null, null);
  }

  /** The job {@code id} was refused. */
  public static EnqueueReceipt rejected(JobId id, String reason) {
    return new EnqueueReceipt(Status.REJECTED, id, null, requireNonNull(reason, "reason"));
  }

  /** Whether a new job was stored. */
  public boolean isEnqueued() {
    return status == Status.ENQUEUED;
  }
}
