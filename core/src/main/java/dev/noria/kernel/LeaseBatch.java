package dev.noria.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of one exchange. Leases are tracked per batch, so that a job that runs for a microsecond
 * costs one decrement and no map entry.
 */
final class LeaseBatch {
  private final Holdings holdings;
  private final long leasedNanos;
  private final long safeUntilNanos;
  private final AtomicReferenceArray<@Nullable HeldJob> jobs;
  private final AtomicInteger left;

  LeaseBatch(Holdings holdings, int size, long leasedNanos, long safeUntilNanos) {
    this.holdings = holdings;
    this.leasedNanos = leasedNanos;
    this.safeUntilNanos = safeUntilNanos;
    this.jobs = new AtomicReferenceArray<>(size);
    this.left = new AtomicInteger(size);
  }

  void put(int index, HeldJob job) {
    jobs.setPlain(index, job);
  }

  @Nullable HeldJob get(int index) {
    return jobs.get(index);
  }

  int size() {
    return jobs.length();
  }

  long leasedNanos() {
    return leasedNanos;
  }

  long safeUntilNanos() {
    return safeUntilNanos;
  }

  void done(int index) {
    jobs.set(index, null);
    if (left.decrementAndGet() == 0) {
      holdings.remove(this);
    }
  }
}
