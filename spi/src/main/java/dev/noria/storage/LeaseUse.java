package dev.noria.storage;

import static java.util.Objects.requireNonNull;

/**
 * A lease to extend, and what became of it (S4). Immutable.
 *
 * @param lease the lease
 * @param started whether its handler has started, or is about to; once marked it stays marked
 * @param abandoned whether its handler ignores that its time is over: the lease is not extended any
 *     more, and when it expires the run counts as an attempt, not as a crash (S5.1); once marked it
 *     stays marked
 */
public record LeaseUse(Lease lease, boolean started, boolean abandoned) {
  /** Needs the lease. */
  public LeaseUse {
    requireNonNull(lease, "lease");
  }

  /** A lease that is not abandoned. */
  public LeaseUse(Lease lease, boolean started) {
    this(lease, started, false);
  }

  /** A started lease whose handler is given up. */
  public static LeaseUse abandoned(Lease lease) {
    return new LeaseUse(lease, true, true);
  }
}
