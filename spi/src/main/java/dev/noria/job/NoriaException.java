package dev.noria.job;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The root of Noria's exceptions; all unchecked. Messages say what is wrong, what was expected, and
 * how to fix it; payloads and secrets never appear in them.
 */
public abstract class NoriaException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** With a message and perhaps a cause. */
  protected NoriaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
