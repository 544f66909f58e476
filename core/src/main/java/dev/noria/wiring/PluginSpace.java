package dev.noria.wiring;

import com.google.inject.Key;
import com.google.inject.PrivateModule;
import com.google.inject.Provider;
import dev.noria.middleware.Middleware;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one plugin binds: its classes and settings for itself, its services for everybody. */
final class PluginSpace extends PrivateModule {
  private final Map<Class<?>, Object> shared = new LinkedHashMap<>();
  private final List<MiddlewareClass> classes = new ArrayList<>();
  private final List<Runnable> made = new ArrayList<>();

  void share(Class<?> type, Object service) {
    shared.put(type, service);
  }

  void add(MiddlewareClass type) {
    classes.add(type);
  }

  void makeAll(Findings findings) {
    for (Runnable making : made) {
      try {
        making.run();
      } catch (ConfigurationException e) {
        findings.addAll(e);
      }
    }
  }

  @Override
  protected void configure() {
    shared.forEach(
        (type, service) -> {
          Wiring.bind(binder(), type, service);
          expose(Wiring.key(type));
        });
    if (!classes.isEmpty()) {
      Wiring.bind(binder(), Settings.class, classes.get(0).settings());
    }
    for (MiddlewareClass type : classes) {
      Injection<? extends Middleware> injection = Injection.of(type.deferred().type());
      List<Provider<?>> needs = new ArrayList<>();
      for (Class<?> need : injection.needs()) {
        Key<?> key = Wiring.key(need);
        needs.add(getProvider(key));
      }
      made.add(
          () ->
              type.deferred().resolve(injection.make(needs.stream().map(Provider::get).toArray())));
    }
  }
}
