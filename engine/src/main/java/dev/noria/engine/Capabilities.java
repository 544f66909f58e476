package dev.noria.engine;

import dev.noria.storage.Administration;
import dev.noria.storage.Capability;
import dev.noria.storage.Events;
import dev.noria.storage.Inspection;
import dev.noria.storage.Notes;
import dev.noria.storage.Registers;
import dev.noria.storage.Signals;
import dev.noria.storage.Transfer;
import java.util.Map;

/** What a storage can do beyond the core. */
final class Capabilities {
  private Capabilities() {}

  static Map<Class<? extends Capability>, Capability> of(Access access) {
    return Map.of(
        Inspection.class, new EngineInspection(access),
        Administration.class, new EngineAdministration(access),
        Registers.class, new EngineRegisters(access),
        Notes.class, new EngineNotes(access),
        Signals.class, new EngineSignals(access),
        Events.class, new EngineEvents(access),
        Transfer.class, new EngineTransfer(access));
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
