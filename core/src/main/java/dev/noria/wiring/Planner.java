package dev.noria.wiring;

import dev.noria.plugin.TimeSource;

/** Turns plugins and settings into a checked plan. For one queue. */
public final class Planner {
  private final SettingsSource settings;
  private final TimeSource time;
  private final ClassLoader loader;

  /** Plans with these settings, this time, and what this class loader sees. */
  public Planner(SettingsSource settings, TimeSource time, ClassLoader loader) {
    this.settings = settings;
    this.time = time;
    this.loader = loader;
  }

  /**
   * Installs all plugins and checks what they declare. Read the kernel's own settings before: what
   * nobody has read by then is a problem.
   *
   * @throws dev.noria.plugin.ConfigurationException with all problems
   */
  public Plan plan(PlanRequest request) {
    throw new UnsupportedOperationException(request + " " + settings + time + loader);
  }

  /** The context class loader if it sees Noria, else Noria's own. */
  public static ClassLoader currentLoader() {
    throw new UnsupportedOperationException();
  }
}
