package dev.noria.tck;

import dev.noria.storage.Capability;
import dev.noria.storage.JobStorage;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The suite that every storage passes. A subclass says how to open the storage; every test gets a
 * {@link Rig} over a fresh place.
 */
public abstract class JobStorageTck {
  private Rig rig;

  /** Opens the storage at {@code place}, creating it when it does not exist. */
  protected abstract JobStorage open(Place place);

  /** What the storage declares; checked both ways. */
  protected abstract Set<Class<? extends Capability>> capabilities();

  /** Whether two storages opened at one place share its jobs, as two processes do. */
  protected boolean shared() {
    return true;
  }

  /** Whether jobs survive {@code close} and a new {@code open} of their place. */
  protected boolean survivesClose() {
    return true;
  }

  /** Removes what {@code place} left behind; called after all its storages are closed. */
  protected void drop(Place place) {}

  @BeforeEach
  final void openRig() {
    Place place = new Place("t" + UUID.randomUUID().toString().replace("-", ""), "noria");
    rig = new Rig(this, place);
  }

  @AfterEach
  final void closeRig() {
    rig.close();
  }

  final Rig rig() {
    return rig;
  }
}
