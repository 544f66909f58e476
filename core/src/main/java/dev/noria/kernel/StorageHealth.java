package dev.noria.kernel;

import dev.noria.storage.StorageException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the storage answers. */
final class StorageHealth {
  private volatile @Nullable Trouble trouble;

  /** Since when, and what. */
  record Trouble(long sinceNanos, String what) {}

  void answered() {
    // Read first: a volatile write per call would cost more than the call on the memory storage.
    if (trouble != null) {
      trouble = null;
    }
  }

  void failed(StorageException error, long nanos) {
    // A conflict is an answer: a lost lease, or another transaction of the user.
    if (error.kind() == StorageException.Kind.CONFLICT || !error.isTransient()) {
      return;
    }
    Trouble known = trouble;
    long since = known == null ? nanos : known.sinceNanos;
    trouble = new Trouble(since, String.valueOf(error.getMessage()));
  }

  Optional<Trouble> trouble() {
    return Optional.ofNullable(trouble);
  }
}
