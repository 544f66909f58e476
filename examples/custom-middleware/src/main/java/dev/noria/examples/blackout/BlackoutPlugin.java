package dev.noria.examples.blackout;

import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.Installer;
import dev.noria.plugin.Plugin;

/** Installs {@link Blackout}: {@code queue.use(new BlackoutPlugin())}. Immutable. */
public final class BlackoutPlugin implements Plugin {

  /** Without state; one may serve several queues. */
  public BlackoutPlugin() {}

  @Override
  public String id() {
    return "blackout";
  }

  @Override
  public void install(Installer installer) {
    installer.middleware(Placement.in(Phase.ADMIT), new Blackout(installer.time()));
  }
}
