package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.io.Serial;

/** Thrown by {@code enqueueAndWait}: the job ended DEAD. */
public final class JobFailedException extends NoriaException {
  @Serial private static final long serialVersionUID = 1;

  private final transient JobId id;
  private final transient ErrorInfo error;

  /** The job {@code id} failed for good with {@code error}. */
  public JobFailedException(JobId id, ErrorInfo error) {
    super("The job " + id + " ended dead: " + error.type() + ": " + error.message(), null);
    this.id = requireNonNull(id, "id");
    this.error = error;
  }

  /** The job that failed. */
  public JobId id() {
    return id;
  }

  /** Its last error. */
  public ErrorInfo error() {
    return error;
  }
}
