package dev.noria.plugin;

import org.jspecify.annotations.Nullable;

/**
 * Sees every call that this process makes to the storage and to its capabilities, on the thread
 * that makes it. Cannot alter anything; one that throws is logged and skipped. What it does is part
 * of every call: it must not block. Must be thread-safe.
 */
@FunctionalInterface
public interface StorageObserver {

  /**
   * A call begins.
   *
   * @param operation the method, such as {@code exchange}
   * @return who is told of its end
   */
  Call begins(String operation);

  /** One call that is on its way. */
  @FunctionalInterface
  interface Call {

    /**
     * The call ended; on the thread on which it began.
     *
     * @param items how many jobs, acks or leases it carried, there and back
     * @param tookNanos how long it took
     * @param error the kind of the {@code StorageException}; null when it succeeded
     */
    void ended(int items, long tookNanos, @Nullable String error);
  }
}
