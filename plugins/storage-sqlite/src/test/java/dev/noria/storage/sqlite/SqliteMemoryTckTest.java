package dev.noria.storage.sqlite;

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

/** A database in memory keeps the contract. */
class SqliteMemoryTckTest extends JobStorageTck {

  @Override
  protected JobStorage open(Place place) {
    return SqliteStorage.open(SqliteOptions.defaults().withNamespace(place.namespace()));
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
