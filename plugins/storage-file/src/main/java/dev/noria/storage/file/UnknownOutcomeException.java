package dev.noria.storage.file;

import java.io.IOException;
import java.io.Serial;

/** Something failed after which nobody knows whether a commit is there. */
final class UnknownOutcomeException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  UnknownOutcomeException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
