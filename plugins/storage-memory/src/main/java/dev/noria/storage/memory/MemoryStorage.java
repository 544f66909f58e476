package dev.noria.storage.memory;

import dev.noria.engine.Command;
import dev.noria.engine.Contents;
import dev.noria.engine.EngineStorage;
import dev.noria.engine.Journal;
import dev.noria.engine.Replica;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.plugin.Plugin;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Durability;
import dev.noria.storage.Events;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import dev.noria.storage.StorageInfo;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps jobs on the heap: the whole contract with nothing behind it, and the fastest storage there
 * is. Jobs are gone when it is closed or the process ends. Thread-safe.
 */
public final class MemoryStorage implements JobStorage {
  private final EngineStorage engine;

  private MemoryStorage(String location) {
    Replica replica = new Replica();
    StorageInfo info =
        new StorageInfo("memory", location, Durability.VOLATILE, Limits.defaults(), Set.of(), true);
    engine =
        new EngineStorage(
            info, replica, new EngineStorage.Backing(new Direct(replica), Contents.NONE, 0));
  }

  /** Every command is applied at once, and nothing is written down. */
  private record Direct(Replica replica) implements Journal {
    @Override
    public <T> T commit(Command<T> command) {
      return replica.run(command);
    }

    @Override
    public void catchUp() {}

    @Override
    public void close() {
      replica.close();
    }
  }

  /** A new, empty storage that shares nothing with any other. */
  public static MemoryStorage create() {
    return new MemoryStorage("heap");
  }

  /** A new, empty storage of a namespace; {@code mode} says which events are recorded. */
  static MemoryStorage create(String namespace, Events.Mode mode) {
    MemoryStorage storage = new MemoryStorage("heap, namespace " + namespace);
    storage.capability(Events.class).ifPresent(events -> events.mode(mode));
    return storage;
  }

  /** A plugin that gives each queue a new storage of its own. */
  public static Plugin plugin() {
    return Plugin.of("storage-memory", installer -> installer.storage(MemoryStorage::create));
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    return engine.enqueue(call, jobs, now);
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    return engine.exchange(call, acks, request, now);
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return engine.extend(leases, expiresAt, now);
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    return engine.maintain(limit, now);
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return engine.find(ids, parts);
  }

  @Override
  public StorageInfo info() {
    return engine.info();
  }

  @Override
  public <T extends Capability> Optional<T> capability(Class<T> type) {
    return engine.capability(type);
  }

  @Override
  public void close() {
    engine.close();
  }
}
