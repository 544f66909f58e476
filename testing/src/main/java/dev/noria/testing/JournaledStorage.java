package dev.noria.testing;

import dev.noria.job.Bytes;
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
import dev.noria.storage.Registers;
import dev.noria.storage.Signals;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageInfo;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A storage whose calls are written into a {@link Journal}. */
record JournaledStorage(JobStorage storage, Journal journal) implements JobStorage {

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    List<EnqueueReceipt> receipts = storage.enqueue(call, jobs, now);
    journal.enqueued(jobs);
    return receipts;
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    Exchange answer = storage.exchange(call, acks, request, now);
    journal.exchanged(acks, answer);
    if (request.total() > 0) {
      journal.looked(answer.nextDue());
    }
    return answer;
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return storage.extend(leases, expiresAt, now);
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    Maintained done = storage.maintain(limit, now);
    journal.maintained(done);
    return done;
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return storage.find(ids, parts);
  }

  @Override
  public StorageInfo info() {
    return storage.info();
  }

  @Override
  public <T extends Capability> Optional<T> capability(Class<T> type) {
    Optional<T> found = storage.capability(type);
    if (type == Signals.class) {
      return found.map(signals -> type.cast(new NoWaiting((Signals) signals)));
    }
    if (type == Registers.class) {
      return found.map(registers -> type.cast(new Moving((Registers) registers, journal)));
    }
    return found;
  }

  @Override
  public void close() {
    storage.close();
  }

  /** Who waits for a job waits for ever: nobody runs it meanwhile. */
  private record NoWaiting(Signals signals) implements Signals {
    @Override
    public Registration listen(Listener listener) {
      return signals.listen(listener);
    }

    @Override
    public Registration await(Set<JobId> ids) {
      throw new StorageException(
          StorageException.Kind.LIMIT,
          "enqueueAndWait would wait for ever: a TestQueue runs jobs only inside drain and advance."
              + " Call enqueue, then drain(), then result(type, id).");
    }
  }

  /** Registers that enqueue jobs when they move. */
  private record Moving(Registers registers, Journal journal) implements Registers {
    @Override
    public Optional<Register> get(String name, Instant now) {
      return registers.get(name, now);
    }

    @Override
    public Optional<Register> compareAndSet(
        String name, long expected, Bytes value, @Nullable Instant expiresAt, Instant now) {
      return registers.compareAndSet(name, expected, value, expiresAt, now);
    }

    @Override
    public boolean delete(String name, long expectedVersion, Instant now) {
      return registers.delete(name, expectedVersion, now);
    }

    @Override
    public List<Register> list(String prefix, @Nullable String after, int limit, Instant now) {
      return registers.list(prefix, after, limit, now);
    }

    @Override
    public Optional<Advance> advance(
        CallId call, String name, long expected, Bytes value, List<NewJob> jobs, Instant now) {
      Optional<Advance> moved = registers.advance(call, name, expected, value, jobs, now);
      moved.ifPresent(done -> journal.enqueued(jobs));
      return moved;
    }
  }
}
