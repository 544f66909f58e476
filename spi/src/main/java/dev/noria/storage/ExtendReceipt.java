package dev.noria.storage;

import dev.noria.job.JobId;

/**
 * What became of one extension (S4). Immutable.
 *
 * @param id the job
 * @param status the answer
 */
public record ExtendReceipt(JobId id, Status status) {

  /** The three answers. */
  public enum Status {
    /** The lease holds at least until the asked-for instant. */
    EXTENDED,
    /** It is not current any more: stop the handler. */
    LOST,
    /** Extended, and somebody asked for the job to be cancelled. */
    CANCEL_REQUESTED
  }
}
