package dev.noria.storage.memory;

import dev.noria.storage.Administration;
import dev.noria.storage.Capability;
import dev.noria.storage.Events;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Notes;
import dev.noria.storage.Registers;
import dev.noria.storage.Signals;
import dev.noria.storage.Transfer;
import dev.noria.tck.JobStorageTck;
import dev.noria.tck.Place;
import java.util.Set;

/** The memory storage keeps the contract. */
class MemoryStorageTckTest extends JobStorageTck {

  @Override
  protected JobStorage open(Place place) {
    return MemoryStorage.create(place.namespace(), Events.Mode.OFF);
  }

  @Override
  protected Set<Class<? extends Capability>> capabilities() {
    return Set.of(
        Inspection.class,
        Administration.class,
        Registers.class,
        Notes.class,
        Signals.class,
        Events.class,
        Transfer.class);
  }

  @Override
  protected boolean shared() {
    return false;
  }

  @Override
  protected boolean survivesClose() {
    return false;
  }
}
