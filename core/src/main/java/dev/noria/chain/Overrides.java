package dev.noria.chain;

import dev.noria.middleware.AckChain;
import dev.noria.middleware.DequeueChain;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;

/** Finds out which points a middleware wraps: those whose default method it overrides. */
final class Overrides {
  private Overrides() {}

  static boolean has(Middleware middleware, Point point) {
    Class<?> type =
        middleware instanceof Deferred deferred ? deferred.type() : middleware.getClass();
    try {
      // Finds what a class inherits, too, and a default method of an interface in between.
      Class<?> owner = type.getMethod(point.label(), parameter(point)).getDeclaringClass();
      return owner != Middleware.class;
    } catch (NoSuchMethodException e) {
      throw new AssertionError("Middleware has no method for " + point, e);
    }
  }

  private static Class<?> parameter(Point point) {
    return switch (point) {
      case ENQUEUE -> EnqueueChain.class;
      case DEQUEUE -> DequeueChain.class;
      case PROCESS -> ProcessChain.class;
      case ACK -> AckChain.class;
    };
  }
}
