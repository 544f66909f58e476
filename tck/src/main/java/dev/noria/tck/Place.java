package dev.noria.tck;

/**
 * Where a test keeps its jobs. Opening one place twice gives two storages over the same jobs, as
 * two processes would have them, if {@link JobStorageTck#shared()} says so. Immutable.
 *
 * @param name unique per test: letters and digits
 * @param namespace the namespace inside (S0.9)
 */
public record Place(String name, String namespace) {
  /** The same place, another namespace. */
  public Place namespace(String other) {
    return new Place(name, other);
  }
}
