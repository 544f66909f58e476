package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the cursors of pages. */
final class Cursors {
  private Cursors() {}

  static long number(String cursor) {
    try {
      return Long.parseLong(cursor);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + cursor + "' is not a cursor. Give what the last page said.", e);
    }
  }

  /** Where the ids behind {@code last} begin; null: the first of all. Empty when there are none. */
  static Optional<JobId> behind(@Nullable JobId last) {
    if (last == null) {
      return Optional.of(new JobId(0, 0));
    }
    boolean carry = last.low() == -1;
    return carry && last.high() == -1
        ? Optional.empty()
        : Optional.of(new JobId(last.high() + (carry ? 1 : 0), last.low() + 1));
  }

  /** The same for a cursor. */
  static Optional<JobId> behind(@Nullable String cursor) {
    return behind(cursor == null ? null : JobId.parse(cursor));
  }
}
