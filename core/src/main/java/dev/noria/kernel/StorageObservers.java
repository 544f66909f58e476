package dev.noria.kernel;

import dev.noria.plugin.StorageObserver;
import dev.noria.wiring.PluginObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells those who watch the storage's calls; what they throw stays here. Thread-safe. */
final class StorageObservers {
  private static final Logger LOG = LoggerFactory.getLogger(StorageObservers.class);
  private static final StorageObserver.Call NOBODY = (items, tookNanos, error) -> {};

  private final PluginObserver[] observers;
  private volatile boolean warned;

  StorageObservers(List<PluginObserver> observers) {
    this.observers = observers.toArray(PluginObserver[]::new);
  }

  boolean isEmpty() {
    return observers.length == 0;
  }

  /** A call begins; what is returned is told of its end on the same thread. */
  StorageObserver.Call begins(String operation) {
    if (observers.length == 0) {
      return NOBODY;
    }
    if (observers.length == 1) {
      PluginObserver only = observers[0];
      StorageObserver.Call call = begins(only, operation);
      return (items, tookNanos, error) -> ended(only, call, new End(items, tookNanos, error));
    }
    StorageObserver.Call[] calls = new StorageObserver.Call[observers.length];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = begins(observers[i], operation);
    }
    return (items, tookNanos, error) -> {
      End end = new End(items, tookNanos, error);
      for (int i = calls.length - 1; i >= 0; i--) {
        ended(observers[i], calls[i], end);
      }
    };
  }

  private record End(int items, long tookNanos, @Nullable String error) {}

  private StorageObserver.Call begins(PluginObserver observer, String operation) {
    try {
      return known(observer.observer().begins(operation));
    } catch (Throwable e) {
      failed(observer, e);
      return NOBODY;
    }
  }

  private static StorageObserver.Call known(StorageObserver.@Nullable Call call) {
    return call == null ? NOBODY : call;
  }

  private void ended(PluginObserver observer, StorageObserver.Call call, End end) {
    try {
      call.ended(end.items(), end.tookNanos(), end.error());
    } catch (Throwable e) {
      failed(observer, e);
    }
  }

  /** Loudly once: a storage is called thousands of times a second. */
  private void failed(PluginObserver observer, Throwable error) {
    String text = "An observer of the storage, of plugin '{}', threw; the call goes on without it.";
    if (warned) {
      LOG.debug(text, observer.plugin(), error);
    } else {
      warned = true;
      LOG.warn(text + " This is said once.", observer.plugin(), error);
    }
  }
}
