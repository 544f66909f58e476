package dev.noria.storage.memory;

import dev.noria.storage.Administration;
import dev.noria.storage.Capability;
import dev.noria.storage.Events;
import dev.noria.storage.Inspection;
import dev.noria.storage.Notes;
import dev.noria.storage.Registers;
import dev.noria.storage.Signals;
import dev.noria.storage.Transfer;
import java.util.Map;

/** What the storage can do beyond the core. */
final class Capabilities {
  private Capabilities() {}

  static Map<Class<? extends Capability>, Capability> of(Gate gate, Engine engine) {
    return Map.of(
        Inspection.class, new MemoryInspection(gate),
        Administration.class, new MemoryAdministration(gate, engine),
        Registers.class, new MemoryRegisters(gate, engine),
        Notes.class, new MemoryNotes(gate),
        Signals.class, new MemorySignals(gate),
        Events.class, new MemoryEvents(gate),
        Transfer.class, new MemoryTransfer(gate));
  }

  /** Checks how much a page may hold. */
  static int checkLimit(int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException(
          "Limit " + limit + " is out of range. Expected 1 to 1000.");
    }
    return limit;
  }
}
