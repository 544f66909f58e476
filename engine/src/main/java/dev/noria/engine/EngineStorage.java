package dev.noria.engine;

import dev.noria.engine.ExchangeCommand.Asked;
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
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A whole storage, capabilities included, over a replica and its journal. Thread-safe as far as the
 * journal is.
 */
public final class EngineStorage implements JobStorage {
  private final StorageInfo info;
  private final Access access;
  private final long instance;
  private final Map<Class<? extends Capability>, Capability> capabilities;

  /** Where the verification of this process goes on; others have their own. */
  private volatile @Nullable JobId sweep;

  /**
   * Puts a storage together.
   *
   * @param info what it says of itself
   * @param replica the state
   * @param backing how commands reach the state and contents come back
   */
  public EngineStorage(StorageInfo info, Replica replica, Backing backing) {
    this.info = info;
    instance = backing.instance;
    access = new Access(replica, backing.journal, backing.contents, info.limits());
    capabilities = Capabilities.of(access);
  }

  /**
   * What stands behind a replica.
   *
   * @param journal brings commands to it
   * @param contents reads what it only has a place of
   * @param instance who this process is, so that its leases can be told apart, see {@link
   *     Command#gone}; 0: nobody needs to know
   */
  public record Backing(Journal journal, Contents contents, long instance) {}

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    return access.commit(EnqueueCommand.of(call, jobs, now.toEpochMilli()));
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    Granted granted =
        access.commit(
            ExchangeCommand.of(new Asked(call, request), acks, instance, now.toEpochMilli()));
    Granted.Loaded loaded = granted.load(access.contents());
    return loaded.unreadable().isEmpty() ? loaded.exchange() : endUnreadable(loaded, now);
  }

  /** The exchange itself has happened, whatever comes of this: its receipts must reach somebody. */
  private Exchange endUnreadable(Granted.Loaded loaded, Instant now) {
    try {
      access.commit(new LeaseCommands.Corrupt(loaded.unreadable(), now.toEpochMilli()));
      return loaded.withUnreadableEnded();
    } catch (StorageException e) {
      // Their leases expire, and whoever gets them next finds the same.
      return loaded.exchange();
    }
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return access.commit(
        new LeaseCommands.Extend(
            List.copyOf(leases), expiresAt.toEpochMilli(), now.toEpochMilli()));
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    if (limit < 1) {
      throw new IllegalArgumentException("Limit " + limit + " is too small. At least 1.");
    }
    JobId cursor = sweep;
    try {
      return access.commit(new MaintainCommand(limit, cursor, now.toEpochMilli()));
    } finally {
      // Also behind a page that can not be handled, which must not hide later ones.
      sweep = access.replica().read(world -> new Verifying(world).after(cursor, limit));
    }
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    List<Shown> found =
        access.read(
            world -> {
              List<Shown> shown = new ArrayList<>(ids.size());
              for (JobId id : ids) {
                Entry entry = world.jobs.get(id);
                if (entry != null) {
                  shown.add(Shown.of(entry));
                }
              }
              return shown;
            });
    return found.stream().map(shown -> shown.load(parts, access.contents())).toList();
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
    access.journal().close();
  }
}
