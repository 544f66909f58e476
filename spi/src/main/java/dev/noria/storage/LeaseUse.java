package dev.noria.storage;

import static java.util.Objects.requireNonNull;

/**
 * A lease to extend (S4). Immutable.
 *
 * @param lease the lease
 * @param started whether its handler has started, or is about to; once marked it stays marked
 */
public record LeaseUse(Lease lease, boolean started) {
  /** Needs the lease. */
  public LeaseUse {
    requireNonNull(lease, "lease");
  }
}
