package dev.noria.kernel;

import dev.noria.storage.StorageException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the storage answers. Trouble of less than a second is not told; trouble that comes back
 * soon is one trouble, and told until it stays away. Thread-safe.
 */
final class StorageHealth {
  /** What is over sooner is nothing to tell. */
  private static final long TOLD_NANOS = 1_000_000_000L;

  /** Trouble that comes back sooner was never over. */
  private static final long RELAPSE_NANOS = 10_000_000_000L;

  /** Without a call for so long nobody knows whether the storage answers. */
  private static final long FORGOTTEN_NANOS = 60_000_000_000L;

  private volatile @Nullable Trouble trouble;
  private volatile @Nullable Trouble over;

  /**
   * A time in which no call was answered.
   *
   * @param sinceNanos since when
   * @param freshNanos the same, or when it came back last after it had seemed to be over
   * @param lastNanos when it was seen last: a call failed, or the first one was answered
   * @param what what the last failed call said
   */
  record Trouble(long sinceNanos, long freshNanos, long lastNanos, String what) {
    private Trouble until(long nanos, String words) {
      return new Trouble(sinceNanos, freshNanos, nanos, words);
    }

    private boolean isTold(long nanos) {
      return nanos - freshNanos >= TOLD_NANOS;
    }

    private boolean hasComeBack() {
      return freshNanos != sinceNanos;
    }
  }

  void answered(KernelClock clock) {
    // Read first: a volatile write per call would cost more than the call on the memory storage.
    if (trouble != null) {
      answered(clock.nanos());
    }
  }

  synchronized void answered(long nanos) {
    Trouble known = trouble;
    if (known != null) {
      over = known.isTold(nanos) ? known.until(nanos, known.what) : over;
      trouble = null;
    }
  }

  void failed(StorageException error, long nanos) {
    // A conflict is an answer: a lost lease, or another transaction of the user.
    if (error.kind() == StorageException.Kind.CONFLICT || !error.isTransient()) {
      return;
    }
    failed(String.valueOf(error.getMessage()), nanos);
  }

  private synchronized void failed(String what, long nanos) {
    Trouble known = trouble;
    Trouble before = over;
    if (known != null) {
      trouble = known.until(nanos, what);
    } else if (before != null && nanos - before.lastNanos < RELAPSE_NANOS) {
      trouble = new Trouble(before.sinceNanos, nanos, nanos, what);
    } else {
      trouble = new Trouble(nanos, nanos, nanos, what);
    }
  }

  /** The trouble there is; empty when all is well. */
  Optional<Trouble> trouble(long nanos) {
    Trouble known = trouble;
    if (known != null && nanos - known.lastNanos < FORGOTTEN_NANOS && known.isTold(nanos)) {
      return Optional.of(known);
    }
    Trouble before = over;
    return before != null && before.hasComeBack() && nanos - before.lastNanos < RELAPSE_NANOS
        ? Optional.of(before)
        : Optional.empty();
  }
}
