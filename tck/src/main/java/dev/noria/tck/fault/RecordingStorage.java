package dev.noria.tck.fault;

import static java.util.Objects.requireNonNull;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.EndedJob;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import dev.noria.storage.Registers;
import dev.noria.storage.StorageInfo;
import dev.noria.storage.Transfer;
import dev.noria.tck.history.Entry;
import dev.noria.tck.history.Entry.LeaseRef;
import dev.noria.tck.history.History;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a {@link History} everything that passes through it: what is sent before the call, what is
 * answered after it. Capabilities that change jobs are heard, too: changes by operators, registers
 * that advance, imports, and calls inside a transaction, whose outcome stays unknown. Owns the
 * storage below, but not the history. Thread-safe.
 */
public final class RecordingStorage implements JobStorage {
  private final JobStorage inner;
  private final Scribe scribe;

  private RecordingStorage(JobStorage inner, Scribe scribe) {
    this.inner = requireNonNull(inner, "inner");
    this.scribe = scribe;
  }

  /** Tells {@code history} what passes to and from {@code inner}. */
  public static RecordingStorage over(JobStorage inner, History history) {
    return new RecordingStorage(inner, new Scribe(history));
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    return scribe.enqueue(call, jobs, now, () -> inner.enqueue(call, jobs, now));
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    List<Entry> sent = new ArrayList<>();
    sent.add(Entry.ExchangeSent.of(call, request, now));
    for (Ack ack : acks) {
      sent.add(Entry.AckSent.of(call, ack, now));
      ack.followUps().forEach(job -> sent.add(Entry.EnqueueSent.of(call, job, now)));
    }
    return scribe.call(
        call,
        sent,
        () -> inner.exchange(call, acks, request, now),
        reply -> answered(call, acks, request, reply, now));
  }

  private static List<Entry> answered(
      CallId call, List<Ack> acks, DequeueRequest request, Exchange reply, Instant now) {
    List<Entry> answers = new ArrayList<>();
    for (int i = 0; i < acks.size(); i++) {
      boolean applied = reply.receipts().get(i).isApplied();
      LeaseRef lease = LeaseRef.of(acks.get(i).lease());
      answers.add(new Entry.AckAnswered(call, lease, reply.receipts().get(i).status()));
      for (NewJob job : acks.get(i).followUps()) {
        followUp(call, job, applied).ifPresent(answers::add);
      }
    }
    for (LeasedJob job : reply.jobs()) {
      answers.add(Entry.Dequeued.of(call, job, request.expiresAt(), now));
    }
    for (EndedJob job : reply.ended()) {
      answers.add(new Entry.Ended(call, job.id(), job.state(), job.reason(), now));
    }
    return answers;
  }

  /** A follow-up has no receipt: what its key or its dependencies did to it is not known. */
  private static Optional<Entry> followUp(CallId call, NewJob job, boolean applied) {
    if (!applied) {
      EnqueueReceipt refused = EnqueueReceipt.rejected(job.id(), "its ack was stale");
      return Optional.of(Entry.EnqueueAnswered.of(call, job.id(), refused));
    }
    boolean certain = job.key() == null && job.dependencies().isEmpty();
    return certain
        ? Optional.of(Entry.EnqueueAnswered.of(call, job.id(), EnqueueReceipt.enqueued(job.id())))
        : Optional.empty();
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    scribe.say(
        leases.stream().map(use -> (Entry) Entry.ExtendSent.of(use, expiresAt, now)).toList());
    List<ExtendReceipt> receipts = inner.extend(leases, expiresAt, now);
    List<Entry> answers = new ArrayList<>();
    for (int i = 0; i < leases.size(); i++) {
      ExtendReceipt.Status status = receipts.get(i).status();
      // An abandoned lease is not extended, whatever the answer.
      if (!leases.get(i).abandoned() || status == ExtendReceipt.Status.LOST) {
        LeaseRef lease = LeaseRef.of(leases.get(i).lease());
        answers.add(new Entry.ExtendAnswered(lease, status, expiresAt));
      }
    }
    scribe.say(answers);
    return receipts;
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    CallId call = scribe.ownCall();
    return scribe.call(
        call,
        List.of(new Entry.MaintainSent(call, now)),
        () -> inner.maintain(limit, now),
        done -> maintained(call, done, now));
  }

  private static List<Entry> maintained(CallId call, Maintained done, Instant now) {
    List<Entry> answers = new ArrayList<>();
    done.reclaimed().forEach(id -> answers.add(new Entry.Reclaimed(call, id, now)));
    for (EndedJob job : done.ended()) {
      answers.add(new Entry.Ended(call, job.id(), job.state(), job.reason(), now));
    }
    done.released().forEach(id -> answers.add(new Entry.Unblocked(call, id, now)));
    done.purged().forEach(id -> answers.add(new Entry.Purged(call, id, now)));
    return answers;
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
    return inner.capability(type).map(found -> type.cast(heard(found, type)));
  }

  private Object heard(Capability found, Class<?> type) {
    if (type == Administration.class) {
      return new RecordedAdministration((Administration) found, scribe);
    }
    if (type == Registers.class) {
      return new RecordedRegisters((Registers) found, scribe);
    }
    if (type == Transfer.class) {
      return new RecordedTransfer((Transfer) found, scribe);
    }
    if (type == JdbcTransactions.class) {
      return new RecordedTransactions((JdbcTransactions) found, scribe);
    }
    return found;
  }

  @Override
  public void close() {
    inner.close();
  }
}
