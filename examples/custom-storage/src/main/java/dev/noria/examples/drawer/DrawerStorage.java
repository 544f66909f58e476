package dev.noria.examples.drawer;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Durability;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import dev.noria.storage.Signals;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.StorageInfo;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** A storage in one drawer: maps behind one lock. Thread-safe. */
public final class DrawerStorage implements JobStorage, Signals {
  private final Drawer drawer = new Drawer();
  private final Ends ends = new Ends(drawer);
  private final Acks acks = new Acks(drawer, ends);
  private final Map<Long, Reply> replies = new HashMap<>();
  private boolean closed;

  /** The last reply of a client (S0.4). */
  private record Reply(long sequence, Object value) {}

  private DrawerStorage() {}

  /** An empty storage. */
  public static DrawerStorage create() {
    return new DrawerStorage();
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    return once(call, () -> new Enqueues(drawer, now).run(jobs, ends));
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    return once(
        call,
        () -> {
          List<AckReceipt> receipts = this.acks.run(acks, now);
          ends.clear();
          Dequeues dequeue = new Dequeues(drawer, ends, request, now);
          dequeue.run();
          // In the same unit as the look, so that no wake-up is lost (S2.7).
          if (request.park() && dequeue.jobs.size() < request.total()) {
            drawer.wakes.sleep(request);
          }
          return new Exchange(receipts, dequeue.jobs, dequeue.nextDue, ends.ended, Set.of(), null);
        });
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return unit(() -> leases.stream().map(use -> acks.extend(use, expiresAt)).toList());
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    return unit(() -> new Upkeep(drawer, ends, acks, now).run(limit));
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return unit(
        () ->
            ids.stream()
                .map(drawer.jobs::get)
                .filter(Objects::nonNull)
                .map(entry -> entry.stored(parts))
                .toList());
  }

  @Override
  public StorageInfo info() {
    return new StorageInfo(
        "drawer", "heap", Durability.VOLATILE, Limits.defaults(), Set.of(), true);
  }

  @Override
  public void close() {
    synchronized (drawer) {
      closed = true;
    }
  }

  @Override
  public Registration listen(Listener listener) {
    Registration registration = registration();
    return unit(
        () -> {
          drawer.wakes.listen(registration, listener);
          return registration;
        });
  }

  @Override
  public Registration await(Set<JobId> ids) {
    Registration registration = registration();
    return unit(
        () -> {
          drawer.wakes.await(registration, ids);
          return registration;
        });
  }

  private Registration registration() {
    return new Registration() {
      @Override
      public void close() {
        synchronized (drawer) {
          drawer.wakes.forget(this);
        }
      }
    };
  }

  /** Does the work, unless this very call was done before; then answers as it did (S0.4). */
  private <T> T once(CallId call, Supplier<T> work) {
    return unit(
        () -> {
          Reply last = replies.get(call.client());
          if (last != null && call.sequence() == last.sequence) {
            @SuppressWarnings("unchecked") // The kernel repeats the very same call.
            T again = (T) last.value;
            return again;
          }
          if (last != null && call.sequence() < last.sequence) {
            throw new StorageException(
                Kind.CONFLICT,
                call + " came after call " + last.sequence + ". Expected growing sequences.");
          }
          T value = work.get();
          replies.put(call.client(), new Reply(call.sequence(), value));
          return value;
        });
  }

  /** One call: one unit under one lock, then the signals. */
  private <T> T unit(Supplier<T> work) {
    T answer;
    Runnable delivery;
    synchronized (drawer) {
      if (closed) {
        throw new StorageException(Kind.INTERNAL, "The storage is closed. Do not use it any more.");
      }
      ends.clear();
      answer = work.get();
      delivery = drawer.wakes.delivery();
    }
    delivery.run();
    return answer;
  }
}
