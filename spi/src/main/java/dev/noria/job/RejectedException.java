package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.io.Serial;

/** An enqueue was refused: nothing was stored. The message says why. */
public final class RejectedException extends NoriaException {
  @Serial private static final long serialVersionUID = 1;

  private final transient JobId id;

  /** The job {@code id} of type {@code type} was refused because of {@code reason}. */
  public RejectedException(JobId id, String type, String reason) {
    super("The job " + id + " of type '" + type + "' was rejected: " + reason, null);
    this.id = requireNonNull(id, "id");
  }

  /** The job that was refused. */
  public JobId id() {
    return id;
  }
}
