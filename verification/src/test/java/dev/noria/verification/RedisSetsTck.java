package dev.noria.verification;

import dev.noria.storage.Administration;
import dev.noria.storage.Capability;
import dev.noria.storage.Events;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Notes;
import dev.noria.storage.Registers;
import dev.noria.storage.ServerClock;
import dev.noria.storage.Signals;
import dev.noria.storage.Transfer;
import dev.noria.tck.JobStorageTck;
import dev.noria.tck.Place;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The contract on servers that belong together. */
abstract class RedisSetsTck extends JobStorageTck {
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final Map<Place, String> NAMESPACES = new ConcurrentHashMap<>();

  /** The address of a namespace. */
  abstract String address(String namespace);

  @Override
  protected JobStorage open(Place place) {
    return Medium.open(where(place));
  }

  private String where(Place place) {
    return address(NAMESPACES.computeIfAbsent(place, any -> "tck_" + NUMBERS.incrementAndGet()));
  }

  @Override
  protected boolean makeNewer(Place place) {
    List<String> done =
        RedisIndexes.run(
            where(place),
            "redis.call('HSET', KEYS[1] .. 'meta', 'format', 999, 'readable', 999) return {'ok'}");
    return done.size() == 1;
  }

  @Override
  protected Set<Class<? extends Capability>> capabilities() {
    return Set.of(
        Inspection.class,
        Administration.class,
        Registers.class,
        Notes.class,
        Signals.class,
        Events.class,
        ServerClock.class,
        Transfer.class);
  }
}
