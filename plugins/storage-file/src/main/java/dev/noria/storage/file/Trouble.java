package dev.noria.storage.file;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;

/** What errors of a file system mean to the kernel. */
final class Trouble {
  private Trouble() {}

  /** The error of something that certainly did not happen. */
  static StorageException of(IOException e, Path root) {
    return of(e, root, e instanceof UnknownOutcomeException);
  }

  /** The error of something that if {@code unknown} may have happened. */
  static StorageException of(IOException e, Path root, boolean unknown) {
    if (e instanceof NewerException) {
      return new StorageException(
          Kind.CORRUPT,
          unknown,
          "The files in " + root + " are of a later release: " + e.getMessage() + ". Use that.",
          e);
    }
    boolean corrupt = e instanceof CorruptException;
    return new StorageException(
        corrupt ? Kind.CORRUPT : Kind.UNAVAILABLE,
        unknown,
        "The file storage at "
            + root
            + (unknown ? " does not know whether the call happened: " : " did nothing: ")
            + reason(e)
            + ". "
            + advice(e),
        e);
  }

  private static String reason(IOException e) {
    String text = e.getMessage();
    return text == null ? e.getClass().getSimpleName() : e.getClass().getSimpleName() + ", " + text;
  }

  private static String words(IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return String.valueOf(reason == null ? e.getMessage() : reason).toLowerCase(Locale.ROOT);
  }

  /** Whether the disk could not read something that is there. */
  static boolean isBadSector(IOException e) {
    return words(e).contains("input/output error");
  }

  private static String advice(IOException e) {
    if (e instanceof CorruptException) {
      return "Nothing was deleted, and damaged files are kept in its folder 'corrupt' as well."
          + " Restore the folder from a backup, or move it away to start with an empty one.";
    }
    String words = words(e);
    if (words.contains("no space") || words.contains("quota")) {
      return "The disk or the quota is full; free some space, and it goes on.";
    }
    if (words.contains("file too large")) {
      return "The process may not write files that large; raise its limit (ulimit -f).";
    }
    if (words.contains("read-only")) {
      return "The file system is read-only; mount it writable, and it goes on.";
    }
    if (words.contains("too many open files")) {
      return "The process has too many files open; raise its limit (ulimit -n).";
    }
    if (e instanceof AccessDeniedException || words.contains("permission")) {
      return "The folder belongs to somebody else or is not writable; correct its permissions.";
    }
    if (words.contains("input/output error")) {
      return "The disk failed; look at the system log.";
    }
    return "Look at the folder and the disk; it goes on when the cause is gone.";
  }
}
