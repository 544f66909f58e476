package dev.noria.storage.file;

import java.io.IOException;
import java.io.Serial;

/** What comes next is not in the log any more: go on from a checkpoint. */
final class LaggingException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  LaggingException(String message) {
    super(message);
  }
}
