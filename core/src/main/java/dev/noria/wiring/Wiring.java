package dev.noria.wiring;

import com.google.inject.Binder;
import com.google.inject.Binding;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import com.google.inject.util.Providers;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes handler and middleware classes by constructor injection. Thread-safe. */
public final class Wiring {
  private final Services services;
  private volatile @Nullable Injector injector;

  Wiring(Services services) {
    this.services = services;
  }

  /**
   * Says early that {@link #create} will be asked for this class: what its constructor needs counts
   * in {@link Services#missing}.
   *
   * @throws ConfigurationException if its constructor can not be used
   */
  public void expect(Class<?> type) {
    expect(type, List.of());
  }

  /** As {@link #expect(Class)}; {@code own} are the types that its plugin has for itself. */
  void expect(Class<?> type, List<Class<?>> own) {
    for (Class<?> need : Injection.of(type).needs()) {
      if (!own.contains(need)) {
        services.need("the class " + type.getName(), need);
      }
    }
  }

  /**
   * Makes an instance: the constructor marked {@code @Inject}, or the only one, gets what user,
   * plugins and kernel provide. Once the services are open.
   *
   * @throws ConfigurationException if it can not be made
   */
  public <T> T create(Class<T> type) {
    Injector ready = injector;
    if (ready == null) {
      throw new IllegalStateException(
          type.getName() + " was asked for before the services were opened. Open them first.");
    }
    Injection<T> injection = Injection.of(type);
    List<Object> arguments = new ArrayList<>();
    List<Problem> missing = new ArrayList<>();
    for (Class<?> need : injection.needs()) {
      @Nullable Binding<?> binding = ready.getExistingBinding(key(need));
      if (binding == null) {
        missing.add(services.lack(need, "the class " + type.getName()));
      } else {
        arguments.add(binding.getProvider().get());
      }
    }
    if (!missing.isEmpty()) {
      throw new ConfigurationException(missing);
    }
    return injection.make(arguments.toArray());
  }

  /** Builds the injector from all services, and makes the middleware classes. */
  void assemble(List<MiddlewareClass> classes) {
    Map<String, PluginSpace> spaces = new LinkedHashMap<>();
    Map<Class<?>, Object> common = new LinkedHashMap<>();
    services
        .offers()
        .forEach(
            (type, offer) -> {
              if (offer.plugin() == null) {
                common.put(type, offer.service());
              } else {
                spaces
                    .computeIfAbsent(offer.plugin(), id -> new PluginSpace())
                    .share(type, offer.service());
              }
            });
    classes.forEach(c -> spaces.computeIfAbsent(c.plugin(), id -> new PluginSpace()).add(c));
    List<Module> modules = new ArrayList<>(spaces.values());
    modules.add(0, binder -> bindCommon(binder, common));
    try {
      injector = Guice.createInjector(Stage.PRODUCTION, modules);
      Findings findings = new Findings();
      spaces.values().forEach(space -> space.makeAll(findings));
      findings.throwIfAny();
    } catch (CreationException | ProvisionException | com.google.inject.ConfigurationException e) {
      throw new ConfigurationException(
          List.of(
              ProblemCode.INTERNAL.problem(
                  "The queue could not be wired: "
                      + e.getMessage()
                      + " Expected every need to be met. This is a defect of Noria; report it.")),
          e);
    }
  }

  private static void bindCommon(Binder binder, Map<Class<?>, Object> common) {
    binder.requireExplicitBindings();
    binder.requireAtInjectOnConstructors();
    binder.requireExactBindingAnnotations();
    binder.disableCircularProxies();
    common.forEach((type, service) -> bind(binder, type, service));
  }

  static <T> void bind(Binder binder, Class<T> type, Object service) {
    // Not toInstance: Guice would inject into the members of an object that is not its own.
    binder.bind(key(type)).toProvider(Providers.of(type.cast(service)));
  }

  static <T> Key<T> key(Class<T> type) {
    return Key.get(type, Provided.class);
  }
}
