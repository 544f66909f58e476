package dev.noria.storage;

import dev.noria.job.JobId;

/**
 * What became of one ack (S3.2). Immutable.
 *
 * @param id the job
 * @param status whether the lease was still current
 */
public record AckReceipt(JobId id, Status status) {

  /** The two answers. */
  public enum Status {
    /** The lease was current; the ack is stored. */
    APPLIED,
    /** Somebody else has the job, or nobody has it any more; nothing was changed. */
    STALE
  }

  /** The ack of {@code id} is stored. */
  public static AckReceipt applied(JobId id) {
    return new AckReceipt(id, Status.APPLIED);
  }

  /** The ack of {@code id} changed nothing. */
  public static AckReceipt stale(JobId id) {
    return new AckReceipt(id, Status.STALE);
  }

  /** Whether the ack is stored. */
  public boolean isApplied() {
    return status == Status.APPLIED;
  }
}
