package dev.noria.storage;

import static java.util.Objects.requireNonNull;

import dev.noria.job.Limits;
import java.util.Set;

/**
 * What a storage says of itself (S0.5). Immutable.
 *
 * @param name what it is, with version: "SQLite 3.54.1"
 * @param location where the jobs are, without secrets: a path or an address
 * @param durability what an OK survives, as verified against the real settings at open
 * @param limits what fits; the kernel splits and refuses accordingly
 * @param deviations the named exceptions it takes
 * @param callerRuns whether calls may run on the caller's own thread; false where an interrupt
 *     could hurt the storage
 */
public record StorageInfo(
    String name,
    String location,
    Durability durability,
    Limits limits,
    Set<Deviation> deviations,
    boolean callerRuns) {

  /** Copies the deviations. */
  public StorageInfo {
    requireNonNull(name, "name");
    requireNonNull(location, "location");
    requireNonNull(durability, "durability");
    requireNonNull(limits, "limits");
    deviations = Set.copyOf(deviations);
  }
}
