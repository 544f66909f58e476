package dev.noria.engine;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.ExtendReceipt.Status;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What commands do to the {@link World}; only used under the lock of the replica. */
final class Engine {
  final World world;
  private final Enqueuing enqueuing;
  private final Acking acking;

  Engine(World world) {
    this.world = world;
    this.enqueuing = new Enqueuing(world);
    this.acking = new Acking(world, enqueuing);
  }

  /** Stores jobs inside a larger unit. */
  Enqueuing enqueuing() {
    return enqueuing;
  }

  @SuppressWarnings("unchecked")
  List<EnqueueReceipt> enqueue(CallId call, List<Draft> jobs, long now) {
    return world.calls.once(
        call, List.class, now, () -> Collections.unmodifiableList(enqueuing.enqueue(jobs, now)));
  }

  Granted exchange(CallId call, List<Ending> endings, DequeueRequest request, long now) {
    return world.calls.once(
        call,
        Granted.class,
        now,
        () -> {
          List<AckReceipt> receipts = acking.ack(endings, now);
          if (world.dependents.hasUnsettled()) {
            settle(now);
          }
          return new Dequeuing(world, request, now).dequeue(receipts);
        });
  }

  /** Settles as many dependents as one call may. */
  void settle(long now) {
    new Settling(world).settle(Enqueuing.SETTLED, now);
  }

  List<ExtendReceipt> extend(List<LeaseUse> leases, long expiresAt) {
    List<ExtendReceipt> receipts = new ArrayList<>(leases.size());
    for (LeaseUse use : leases) {
      receipts.add(new ExtendReceipt(use.lease().id(), extend(use, expiresAt)));
    }
    return receipts;
  }

  private Status extend(LeaseUse use, long expiresAt) {
    Entry entry = world.leased(use.lease());
    Run run = entry == null ? null : entry.lease();
    if (entry == null || run == null) {
      return Status.LOST;
    }
    run.started |= use.started();
    run.abandoned |= use.abandoned();
    if (!run.abandoned && expiresAt > run.expiresAt) {
      world.leases.remove(entry);
      run.expiresAt = expiresAt;
      world.expect(entry, run);
    }
    return run.cancelRequested ? Status.CANCEL_REQUESTED : Status.EXTENDED;
  }

  Maintained maintain(int limit, @Nullable JobId cursor, long now) {
    return new Maintaining(world, now).maintain(limit, cursor);
  }
}
