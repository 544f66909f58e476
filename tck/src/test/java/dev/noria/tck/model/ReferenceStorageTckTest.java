package dev.noria.tck.model;

import static java.util.Objects.requireNonNull;

import dev.noria.job.JobId;
import dev.noria.storage.Capability;
import dev.noria.storage.Durability;
import dev.noria.storage.JobStorage;
import dev.noria.tck.JobStorageTck;
import dev.noria.tck.Place;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The reference passes the suite that it is the measure of. */
class ReferenceStorageTckTest extends JobStorageTck {
  private static final Map<String, World> WORLDS = new ConcurrentHashMap<>();

  @Override
  protected JobStorage open(Place place) {
    World world = WORLDS.computeIfAbsent(place.name(), any -> world());
    return ReferenceStorage.over(world, place.namespace());
  }

  private static World world() {
    return new World(new Decisions(), Durability.PROCESS);
  }

  @Override
  protected boolean damage(Place place, JobId id) {
    requireNonNull(WORLDS.get(place.name())).damage(place.namespace(), id);
    return true;
  }

  @Override
  protected Optional<JobStorage> openNext(Place place) {
    requireNonNull(WORLDS.get(place.name())).makeNext();
    return Optional.of(open(place));
  }

  @Override
  protected boolean makeNewer(Place place) {
    requireNonNull(WORLDS.get(place.name())).makeNewer();
    return true;
  }

  @Override
  protected Set<Class<? extends Capability>> capabilities() {
    return ReferenceStorage.CAPABILITIES;
  }

  @Override
  protected void drop(Place place) {
    WORLDS.remove(place.name());
  }
}
