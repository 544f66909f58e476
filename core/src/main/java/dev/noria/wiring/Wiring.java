package dev.noria.wiring;

/** Makes handler and middleware classes by constructor injection. Thread-safe. */
public final class Wiring {
  private final Services services;

  Wiring(Services services) {
    this.services = services;
  }

  /**
   * Says early that {@link #create} will be asked for this class: what its constructor needs counts
   * in {@link Services#missing}.
   *
   * @throws dev.noria.plugin.ConfigurationException if its constructor can not be used
   */
  public void expect(Class<?> type) {
    throw new UnsupportedOperationException(type + " " + services);
  }

  /**
   * Makes an instance: the constructor marked {@code @Inject}, or the only one, gets what user,
   * plugins and kernel provide. Once the services are open.
   *
   * @throws dev.noria.plugin.ConfigurationException if it can not be made
   */
  public <T> T create(Class<T> type) {
    throw new UnsupportedOperationException(type.getName());
  }
}
