package dev.noria.kernel;

import dev.noria.storage.Capability;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.Signals;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A capability whose calls are guarded as those of the storage itself. Thread-safe. */
final class GuardedCapability implements InvocationHandler {
  private final GuardedStorage storage;
  private final Capability target;

  /** Whether calls belong to the caller's thread, as the connection does that they come with. */
  private final boolean onCaller;

  private GuardedCapability(GuardedStorage storage, Capability target, boolean onCaller) {
    this.storage = storage;
    this.target = target;
    this.onCaller = onCaller;
  }

  static <T extends Capability> T of(GuardedStorage storage, Class<T> type, T target) {
    boolean onCaller = type == JdbcTransactions.class;
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            new GuardedCapability(storage, target, onCaller)));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) {
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "equals" -> args != null && proxy == args[0];
        case "hashCode" -> System.identityHashCode(proxy);
        default -> target.toString();
      };
    }
    Object answer = storage.asked(method.getName(), onCaller, () -> call(method, args));
    return answer instanceof Signals.Registration registration ? guarded(registration) : answer;
  }

  private Signals.Registration guarded(Signals.Registration registration) {
    return new Signals.Registration() {
      @Override
      public boolean hears() {
        return registration.hears();
      }

      @Override
      public void close() {
        boolean ignored =
            storage.asked(
                "close",
                onCaller,
                () -> {
                  registration.close();
                  return true;
                });
      }
    };
  }

  private @Nullable Object call(Method method, @Nullable Object @Nullable [] args) {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      // Exactly that: a NumberFormatException is a slip of the storage.
      if (e.getCause() instanceof IllegalArgumentException cause
          && cause.getClass() == IllegalArgumentException.class) {
        throw new GuardedStorage.Mistake(cause);
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(
          "The call of " + method.getName() + " threw a checked exception.", e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("Cannot call " + method.getName() + " of a capability.", e);
    }
  }
}
