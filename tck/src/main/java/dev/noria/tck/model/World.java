package dev.noria.tck.model;

import dev.noria.job.JobId;
import dev.noria.storage.Durability;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Everything at one place: its namespaces, behind one lock. */
final class World {
  private static final int FORMAT = 1;

  final ReentrantLock lock = new ReentrantLock();
  final Decisions decisions;

  /** Whether the world outlives its storages is up to who keeps it. */
  final Durability durability;

  private int format = FORMAT;

  /** The oldest release that can work with the format. */
  private int readableBy = FORMAT;

  private final Map<String, Realm> realms = new HashMap<>();
  private final Map<String, Keys> keys = new HashMap<>();

  World(Decisions decisions, Durability durability) {
    this.decisions = decisions;
    this.durability = durability;
  }

  /** As if the stored form of a job had been damaged (S2.6). */
  void damage(String namespace, JobId id) {
    lock.lock();
    try {
      realm(namespace).existing(id).corrupt = true;
    } finally {
      lock.unlock();
    }
  }

  /** As if a later release had written here (S0.10). */
  void makeNewer() {
    format++;
    readableBy = format;
  }

  /** As if the next release had opened it: its format is newer, and this one can read it. */
  void makeNext() {
    format++;
  }

  void checkFormat() {
    if (readableBy > FORMAT && decisions.refusesNewer()) {
      throw new StorageException(
          Kind.CORRUPT,
          "The stored format is "
              + format
              + ", readable by "
              + readableBy
              + ". Expected at most "
              + FORMAT
              + "; update Noria.");
    }
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
