package dev.noria.examples.drawer;

import dev.noria.storage.Capability;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Signals;
import dev.noria.tck.JobStorageTck;
import dev.noria.tck.Place;
import java.util.Set;

/** The drawer keeps the contract. */
class DrawerStorageTckTest extends JobStorageTck {

  @Override
  protected JobStorage open(Place place) {
    return DrawerStorage.create();
  }

  @Override
  protected Set<Class<? extends Capability>> capabilities() {
    return Set.of(Signals.class);
  }

  /** Two drawers share nothing, and nothing survives close. */
  @Override
  protected boolean shared() {
    return false;
  }

  @Override
  protected boolean survivesClose() {
    return false;
  }
}
