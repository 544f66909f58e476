package dev.noria.tck.model;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Everything at one place: its namespaces, behind one lock. */
final class World {
  final ReentrantLock lock = new ReentrantLock();
  final Decisions decisions;
  private final Map<String, Realm> realms = new HashMap<>();
  private final Map<String, Keys> keys = new HashMap<>();

  World(Decisions decisions) {
    this.decisions = decisions;
  }

  /** A namespace; call it with the lock. */
  Realm realm(String namespace) {
    Realm known = realms.get(namespace);
    if (known != null) {
      return known;
    }
    String keyNamespace = decisions.keyNamespace(namespace);
    Realm fresh =
        new Realm(decisions, keys.computeIfAbsent(keyNamespace, any -> new Keys(decisions)));
    realms.put(namespace, fresh);
    return fresh;
  }
}
