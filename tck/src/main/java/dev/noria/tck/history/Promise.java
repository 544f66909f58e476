package dev.noria.tck.history;

import static java.util.Objects.requireNonNull;

import dev.noria.storage.Durability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the storage and the setting promise, and so what a history may show. Immutable.
 *
 * @param durability what an acknowledged call survives; a fault beyond it may undo calls
 * @param lossWindow how old, at most, an acknowledged call is that such a fault undoes
 * @param lease how long a lease holds
 * @param strictOrder whether jobs are never overtaken; false where the storage declares {@link
 *     dev.noria.storage.Deviation#RETURNED_JOBS_MAY_BE_OVERTAKEN}
 * @param unhandledTypes types that no worker of the run has a handler for: they may wait for ever
 * @param ticks the ticks of each schedule that its policy does not allow to miss
 */
public record Promise(
    Durability durability,
    Duration lossWindow,
    Duration lease,
    boolean strictOrder,
    Set<String> unhandledTypes,
    Map<String, List<Instant>> ticks) {
  private static final Duration ANY_AGE = Duration.ofDays(36_525);

  /** Copies the collections. */
  public Promise {
    requireNonNull(durability, "durability");
    requireNonNull(lossWindow, "lossWindow");
    requireNonNull(lease, "lease");
    unhandledTypes = Set.copyOf(unhandledTypes);
    ticks = Map.copyOf(ticks);
  }

  /** A level of durability, strict order, a handler for every type, no schedules. */
  public static Promise of(Durability durability, Duration lease) {
    return new Promise(durability, ANY_AGE, lease, true, Set.of(), Map.of());
  }

  /** The same, but what was acknowledged longer ago than {@code window} is never undone. */
  public Promise withLossWindow(Duration window) {
    return new Promise(durability, window, lease, strictOrder, unhandledTypes, ticks);
  }

  /** The same with or without strict order. */
  public Promise withStrictOrder(boolean strict) {
    return new Promise(durability, lossWindow, lease, strict, unhandledTypes, ticks);
  }

  /** The same with types that nobody handles. */
  public Promise withUnhandledTypes(Set<String> types) {
    return new Promise(durability, lossWindow, lease, strictOrder, types, ticks);
  }

  /** The same with ticks that must not be missing. */
  public Promise withTicks(Map<String, List<Instant>> expected) {
    return new Promise(durability, lossWindow, lease, strictOrder, unhandledTypes, expected);
  }
}
