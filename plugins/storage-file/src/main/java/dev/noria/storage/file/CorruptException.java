package dev.noria.storage.file;

import java.io.IOException;
import java.io.Serial;

/** A file is torn or damaged. */
final class CorruptException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  CorruptException(String message) {
    super(message);
  }

  /** What is wrong with it. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
