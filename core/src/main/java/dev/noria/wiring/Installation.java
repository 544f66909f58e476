package dev.noria.wiring;

import dev.noria.chain.Deferred;
import dev.noria.chain.Link;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.Placement;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.DutyCycle;
import dev.noria.plugin.Installer;
import dev.noria.plugin.JobListener;
import dev.noria.plugin.PayloadStage;
import dev.noria.plugin.Settings;
import dev.noria.plugin.StorageObserver;
import dev.noria.plugin.TimeSource;
import dev.noria.storage.JobStorage;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Takes the declarations of one plugin, for as long as its {@code install} runs. */
final class Installation implements Installer {
  private final String plugin;
  private final Settings settings;
  private final TimeSource time;
  private final Declarations declared;
  private boolean over;

  Installation(String plugin, Settings settings, TimeSource time, Declarations declared) {
    this.plugin = plugin;
    this.settings = settings;
    this.time = time;
    this.declared = declared;
  }

  void end() {
    over = true;
  }

  @Override
  public Settings settings() {
    return settings;
  }

  @Override
  public TimeSource time() {
    return time;
  }

  @Override
  public void middleware(Placement placement, Middleware middleware) {
    open().links.add(new Link(plugin, placement, middleware));
  }

  @Override
  public void middleware(Placement placement, Class<? extends Middleware> type) {
    Deferred deferred = new Deferred(type);
    open().links.add(new Link(plugin, placement, deferred));
    try {
      declared.wiring.expect(type, List.of(Settings.class));
      declared.classes.add(new MiddlewareClass(plugin, settings, deferred));
    } catch (ConfigurationException e) {
      declared.findings.addAll(e);
    }
  }

  @Override
  public void listen(JobListener listener) {
    open().listeners.add(new PluginListener(plugin, listener));
  }

  @Override
  public void observe(StorageObserver observer) {
    open().observers.add(new PluginObserver(plugin, observer));
  }

  @Override
  public void payloadStage(PayloadStage stage) {
    open().stages.add(stage);
  }

  @Override
  public void storage(Supplier<? extends JobStorage> supplier) {
    String other = open().storageOwner;
    if (other != null) {
      declared.findings.add(
          ProblemCode.SEVERAL_STORAGES,
          "The plugin '"
              + plugin
              + "' names a storage, and '"
              + other
              + "' has named one already."
              + " Expected one storage per queue. Use one of the two.");
    }
    declared.storage = supplier;
    declared.storageOwner = plugin;
  }

  @Override
  public void loop(String name, DutyCycle duty) {
    open().loops.add(new NamedLoop(plugin, name, duty));
  }

  @Override
  public void onStart(Runnable action) {
    open().onStart.add(new NamedAction(plugin, action));
  }

  @Override
  public void onStop(Runnable action) {
    open().onStop.addFirst(new NamedAction(plugin, action));
  }

  @Override
  public <T> void provide(Class<T> type, T service) {
    open().services.provide(plugin, type, service, declared.findings);
  }

  @Override
  public <T> Supplier<T> require(Class<T> type) {
    return open().services.require(plugin, type);
  }

  @Override
  public <T> Supplier<Optional<T>> find(Class<T> type) {
    return open().services.search(plugin, type);
  }

  private Declarations open() {
    if (over) {
      throw new IllegalStateException(
          "The plugin '"
              + plugin
              + "' declared something after its install had returned."
              + " Expected all declarations inside. Do not keep the installer.");
    }
    return declared;
  }
}
