package dev.noria.storage.file;

import java.io.IOException;
import java.io.Serial;

/** A file is of a later format. */
final class NewerException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  NewerException(int version) {
    super("it has format " + version + ", this release reads up to " + Frame.VERSION);
  }
}
