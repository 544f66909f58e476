package dev.noria.tck.fault;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import dev.noria.storage.StorageInfo;
import dev.noria.tck.history.Verdict.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A storage with one bug that shows now and then. */
final class BentStorage implements JobStorage {
  private static final int NOW_AND_THEN = 20;

  private final JobStorage inner;
  private final AtomicLong calls = new AtomicLong();
  private volatile @Nullable Bug bug;

  /** The bugs, with what shows them. */
  enum Bug {
    /** Answers ENQUEUED for a job that it drops. */
    DROPS_JOBS(Kind.LOST),
    /** Stores a job that it refused. */
    STORES_REFUSED(Kind.PHANTOM),
    /** Answers APPLIED for acks that it drops. */
    DROPS_ACKS(Kind.REDELIVERY_ILLEGAL),
    /** Hands out what is due in a minute. */
    HURRIES(Kind.EARLY),
    /** Takes leases back half a minute too soon. */
    TAKES_BACK_TOO_SOON(Kind.REDELIVERY_ILLEGAL),
    /** Hands out a reply in the wrong order. */
    TURNS_ROUND(Kind.INVERTED),
    /** Refuses acks of valid leases. */
    REFUSES_ACKS(Kind.FENCING);

    final Kind shows;

    Bug(Kind shows) {
      this.shows = shows;
    }
  }

  BentStorage(JobStorage inner) {
    this.inner = inner;
  }

  void with(Bug other) {
    bug = other;
  }

  private boolean strikes(Bug which) {
    return bug == which && calls.incrementAndGet() % NOW_AND_THEN == 0;
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    if (strikes(Bug.DROPS_JOBS)) {
      return jobs.stream().map(job -> EnqueueReceipt.enqueued(job.id())).toList();
    }
    List<EnqueueReceipt> receipts = inner.enqueue(call, jobs, now);
    if (strikes(Bug.STORES_REFUSED)) {
      return jobs.stream().map(job -> EnqueueReceipt.rejected(job.id(), "no")).toList();
    }
    return receipts;
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    if (!acks.isEmpty() && strikes(Bug.DROPS_ACKS)) {
      return receipts(acks, AckReceipt.Status.APPLIED);
    }
    if (!acks.isEmpty() && strikes(Bug.REFUSES_ACKS)) {
      return receipts(acks, AckReceipt.Status.STALE);
    }
    Instant present = acks.isEmpty() && strikes(Bug.HURRIES) ? now.plusSeconds(60) : now;
    DequeueRequest kept =
        new DequeueRequest(
            request.owner(),
            request.nonce(),
            present.plusSeconds(30),
            request.demands(),
            request.total(),
            request.maxBytes(),
            request.park(),
            request.policyVersion());
    Exchange reply = inner.exchange(call, acks, kept, present);
    return bug == Bug.TURNS_ROUND ? turned(reply) : reply;
  }

  private static Exchange receipts(List<Ack> acks, AckReceipt.Status status) {
    List<AckReceipt> receipts =
        acks.stream().map(ack -> new AckReceipt(ack.lease().id(), status)).toList();
    return new Exchange(receipts, List.of(), null, List.of(), Set.of(), null);
  }

  private static Exchange turned(Exchange reply) {
    List<LeasedJob> jobs = new ArrayList<>(reply.jobs());
    Collections.reverse(jobs);
    return new Exchange(
        reply.receipts(), jobs, reply.nextDue(), reply.ended(), reply.pausedQueues(), null);
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return inner.extend(leases, expiresAt, now);
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    boolean soon = bug == Bug.TAKES_BACK_TOO_SOON;
    return inner.maintain(limit, soon ? now.plusSeconds(30) : now);
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return inner.find(ids, parts);
  }

  @Override
  public StorageInfo info() {
    return inner.info();
  }

  @Override
  public <T extends Capability> Optional<T> capability(Class<T> type) {
    return inner.capability(type);
  }

  @Override
  public void close() {
    inner.close();
  }
}
