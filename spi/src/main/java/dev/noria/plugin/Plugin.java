package dev.noria.plugin;

import dev.noria.middleware.Middleware;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import java.util.function.Consumer;

/**
 * Something that adds to a queue: middleware, listeners, loops, services, or the storage. Plugins
 * are immutable; one may serve several queues.
 */
public interface Plugin {

  /** Unique among the plugins of a queue, such as {@code retries}: {@code [a-z][a-z0-9-]{0,39}}. */
  String id();

  /** Declares what it adds: no I/O, no threads, nothing resolved. Called once per queue. */
  void install(Installer installer);

  /** A plugin from an id and a declaration. */
  static Plugin of(String id, Consumer<Installer> declaration) {
    return new Plugin() {
      @Override
      public String id() {
        return id;
      }

      @Override
      public void install(Installer installer) {
        declaration.accept(installer);
      }
    };
  }

  /** A plugin that is one middleware, next to the handler ({@link Phase#INVOKE}). */
  static Plugin of(String id, Middleware middleware) {
    return of(id, Placement.in(Phase.INVOKE), middleware);
  }

  /** A plugin that is one middleware in a place of its own. */
  static Plugin of(String id, Placement placement, Middleware middleware) {
    return of(id, installer -> installer.middleware(placement, middleware));
  }
}
