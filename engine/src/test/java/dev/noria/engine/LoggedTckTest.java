package dev.noria.engine;

import static java.util.Objects.requireNonNull;

import dev.noria.job.JobId;
import dev.noria.storage.Administration;
import dev.noria.storage.Capability;
import dev.noria.storage.Durability;
import dev.noria.storage.Events;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Notes;
import dev.noria.storage.Registers;
import dev.noria.storage.Signals;
import dev.noria.storage.Transfer;
import dev.noria.tck.JobStorageTck;
import dev.noria.tck.Place;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Commands that went through bytes, and states that went through snapshots, keep the contract. */
class LoggedTckTest extends JobStorageTck {
  private static final Map<Place, SharedLog> LOGS = new ConcurrentHashMap<>();

  private static SharedLog log(Place place) {
    return LOGS.computeIfAbsent(place, any -> new SharedLog(place.hashCode()));
  }

  @Override
  protected JobStorage open(Place place) {
    return log(place).open(100, Durability.PROCESS);
  }

  @Override
  protected boolean damage(Place place, JobId id) {
    SharedLog log = log(place);
    SharedLog.Follower follower = log.follow(0);
    log.damage(follower.replica.read(world -> requireNonNull(world.jobs.get(id)).body()));
    follower.close();
    return true;
  }

  @Override
  protected boolean makeNewer(Place place) {
    log(place).makeNewer();
    return true;
  }

  @Override
  protected void drop(Place place) {
    LOGS.keySet().removeIf(known -> known.name().equals(place.name()));
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
        Transfer.class);
  }
}
