package dev.noria.job;

import java.io.Serial;

/**
 * Thrown by {@link Cancellation#throwIfRequested()} and by {@code enqueueAndWait}: the job was
 * cancelled. A handler lets it pass; its job then ends CANCELLED, or is due again where the lease
 * was lost or the worker stops.
 */
public final class JobCancelledException extends NoriaException {
  @Serial private static final long serialVersionUID = 1;

  /** With the reason in words. */
  public JobCancelledException(String reason) {
    super(reason, null);
  }
}
