package dev.noria.engine;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.ExtendReceipt.Status;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the calls of a storage do to the {@link World}; only used under the lock of its replica. */
final class Engine {
  private final World world;
  private final Enqueuing enqueuing;
  private final Acking acking;
  private final Verifying verifying;

  Engine(World world) {
    this.world = world;
    this.enqueuing = new Enqueuing(world);
    this.acking = new Acking(world, enqueuing);
    this.verifying = new Verifying(world);
  }

  /** Stores jobs inside a larger unit. */
  Enqueuing enqueuing() {
    return enqueuing;
  }

  @SuppressWarnings("unchecked")
  List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    return world.calls.once(
        call, List.class, now, () -> Collections.unmodifiableList(enqueuing.enqueue(jobs, now)));
  }

  Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    return world.calls.once(
        call,
        Exchange.class,
        now,
        () -> {
          List<AckReceipt> receipts = acking.ack(acks, now);
          if (world.dependents.hasUnsettled()) {
            settle(now);
          }
          return new Dequeuing(world, request, now).dequeue(call.client(), receipts);
        });
  }

  /** Settles as many dependents as one call may. */
  void settle(Instant now) {
    new Settling(world).settle(Enqueuing.SETTLED, now);
  }

  List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt) {
    List<ExtendReceipt> receipts = new ArrayList<>(leases.size());
    for (LeaseUse use : leases) {
      receipts.add(new ExtendReceipt(use.lease().id(), extend(use, expiresAt)));
    }
    return receipts;
  }

  private Status extend(LeaseUse use, Instant expiresAt) {
    Entry entry = world.leased(use.lease());
    Run run = entry == null ? null : entry.run;
    if (entry == null || run == null) {
      return Status.LOST;
    }
    run.started |= use.started();
    run.abandoned |= use.abandoned();
    if (!run.abandoned && expiresAt.isAfter(run.expiresAt)) {
      world.leases.remove(entry);
      run.expiresAt = expiresAt;
      world.leases.add(entry, expiresAt.toEpochMilli());
    }
    return run.cancelRequested ? Status.CANCEL_REQUESTED : Status.EXTENDED;
  }

  Maintained maintain(int limit, Instant now) {
    return new Maintaining(world, verifying, now).maintain(limit);
  }
}
