package dev.noria.engine;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import dev.noria.storage.StorageInfo;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A whole storage, capabilities included, over a replica and its journal. Thread-safe as far as the
 * journal is.
 */
public final class EngineStorage implements JobStorage {
  private final StorageInfo info;
  private final Journal journal;
  private final Replica replica;
  private final Engine engine;
  private final Map<Class<? extends Capability>, Capability> capabilities;

  /**
   * Puts a storage together.
   *
   * @param info what it says of itself
   * @param replica the state
   * @param backing how commands reach the state and contents come back
   */
  public EngineStorage(StorageInfo info, Replica replica, Backing backing) {
    this.info = info;
    this.journal = backing.journal();
    this.replica = replica;
    this.engine = replica.read(world -> replica.engine());
    this.capabilities = Capabilities.of(replica, engine);
  }

  /**
   * What stands behind a replica.
   *
   * @param journal brings commands to it
   * @param contents reads what it only has a place of
   * @param instance who this process is, so that its leases can be told; see {@link Command#gone}
   */
  public record Backing(Journal journal, Contents contents, long instance) {}

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    return replica.change(now, world -> engine.enqueue(call, jobs, now));
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    return replica.change(now, world -> engine.exchange(call, acks, request, now));
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return replica.change(now, world -> engine.extend(leases, expiresAt));
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    return replica.change(now, world -> engine.maintain(limit, now));
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return replica.read(
        world ->
            ids.stream()
                .flatMap(id -> Optional.ofNullable(world.jobs.get(id)).stream())
                .map(e -> e.stored(parts))
                .toList());
  }

  @Override
  public StorageInfo info() {
    return info;
  }

  @Override
  public <T extends Capability> Optional<T> capability(Class<T> type) {
    return Optional.ofNullable(capabilities.get(type)).map(type::cast);
  }

  @Override
  public void close() {
    journal.close();
  }
}
