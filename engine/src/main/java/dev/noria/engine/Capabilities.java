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

/** What the storage can do beyond the core. */
final class Capabilities {
  private Capabilities() {}

  static Map<Class<? extends Capability>, Capability> of(Replica replica, Engine engine) {
    return Map.of(
        Inspection.class, new EngineInspection(replica),
        Administration.class, new EngineAdministration(replica, engine),
        Registers.class, new EngineRegisters(replica, engine),
        Notes.class, new EngineNotes(replica),
        Signals.class, new EngineSignals(replica),
        Events.class, new EngineEvents(replica),
        Transfer.class, new EngineTransfer(replica));
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
