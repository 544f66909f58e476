package dev.noria;

import java.util.Set;

/**
 * Which plugins on the class path are installed by themselves. Immutable.
 *
 * @param enabled whether any are
 * @param disabled ids of those that are not
 */
public record Discovery(boolean enabled, Set<String> disabled) {

  /** Copies the ids. */
  public Discovery {
    disabled = Set.copyOf(disabled);
  }

  /** All that are safe without configuration, or configured. The default. */
  public static Discovery all() {
    return new Discovery(true, Set.of());
  }

  /** None: only what {@link JobQueue#use} names. Storages are still found by their address. */
  public static Discovery none() {
    return new Discovery(false, Set.of());
  }

  /** All but these. */
  public static Discovery without(String... ids) {
    return new Discovery(true, Set.of(ids));
  }
}
