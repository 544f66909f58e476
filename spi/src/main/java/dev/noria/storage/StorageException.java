package dev.noria.storage;

import static java.util.Objects.requireNonNull;

import dev.noria.job.NoriaException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The storage broke; ordinary outcomes are values, never exceptions (S0.4). Says what kind of
 * trouble it is and whether the call may have happened.
 */
public final class StorageException extends NoriaException {
  @Serial private static final long serialVersionUID = 1;

  private final Kind kind;
  private final boolean outcomeUnknown;

  /** What kind of trouble. */
  public enum Kind {
    /** Not reachable, busy or full for the moment: the kernel waits and repeats. */
    UNAVAILABLE,
    /** A conflict with somebody else's transaction or lease: repeat, or roll back. */
    CONFLICT,
    /** What is stored can not be read, or is of a newer format. */
    CORRUPT,
    /** The call asks for more than fits. */
    LIMIT,
    /** A bug, or something nobody thought of. */
    INTERNAL
  }

  /** Trouble of a kind; {@code outcomeUnknown} when the call may have happened all the same. */
  public StorageException(
      Kind kind, boolean outcomeUnknown, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = requireNonNull(kind, "kind");
    this.outcomeUnknown = outcomeUnknown;
  }

  /** Trouble of a kind; the call certainly did not happen. */
  public StorageException(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, false, message, cause);
  }

  /** Trouble of a kind; the call certainly did not happen. */
  public StorageException(Kind kind, String message) {
    this(kind, false, message, null);
  }

  /** What kind of trouble. */
  public Kind kind() {
    return kind;
  }

  /** Whether the call may have happened: repeat it with the same {@link CallId} to find out. */
  public boolean outcomeUnknown() {
    return outcomeUnknown;
  }

  /** Whether waiting and repeating may help. */
  public boolean isTransient() {
    return kind == Kind.UNAVAILABLE || kind == Kind.CONFLICT || outcomeUnknown;
  }
}
