package dev.noria.storage.redis;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.EndedJob;
import dev.noria.storage.Exchange;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What scripts answer, as the objects of the contract. */
final class Replies {
  private Replies() {}

  static List<EnqueueReceipt> receipts(Unpack in, List<NewJob> jobs) {
    List<EnqueueReceipt> receipts = new ArrayList<>(jobs.size());
    if (in.isTrue()) {
      jobs.forEach(job -> receipts.add(EnqueueReceipt.enqueued(job.id())));
      return receipts;
    }
    in.list();
    for (NewJob job : jobs) {
      receipts.add(in.isTrue() ? EnqueueReceipt.enqueued(job.id()) : receipt(in));
    }
    return receipts;
  }

  private static EnqueueReceipt receipt(Unpack in) {
    int values = in.list();
    int kind = in.count();
    JobId id = in.id();
    return switch (kind) {
      case 1 -> EnqueueReceipt.duplicate(id, values < 3 || in.isNothing() ? null : state(in));
      case 2 -> EnqueueReceipt.replaced(id);
      default -> EnqueueReceipt.rejected(id, in.text());
    };
  }

  private static JobState state(Unpack in) {
    return Codes.state(in.count());
  }

  /** The leased jobs: ids, bodies, and payloads that are kept apart. */
  static List<LeasedJob> jobs(List<?> reply, long nonce) {
    List<?> ids = (List<?>) reply.get(1);
    List<?> bodies = (List<?>) reply.get(2);
    List<?> payloads = (List<?>) reply.get(3);
    List<LeasedJob> jobs = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      Object apart = i < payloads.size() ? payloads.get(i) : null;
      Bytes payload = apart == null ? null : Bytes.owned((byte[]) apart);
      Fields fields = Fields.leased((byte[]) bodies.get(i), nonce);
      jobs.add(Views.leased(JobId.fromBytes((byte[]) ids.get(i)), fields, payload));
    }
    return jobs;
  }

  static Exchange exchange(Unpack in, List<Ack> acks, List<LeasedJob> jobs) {
    in.list();
    byte[] digits = in.raw();
    List<AckReceipt> receipts = new ArrayList<>(acks.size());
    for (int i = 0; i < acks.size(); i++) {
      JobId id = acks.get(i).lease().id();
      receipts.add(digits[i] == '1' ? AckReceipt.applied(id) : AckReceipt.stale(id));
    }
    Instant nextDue = in.isNothing() ? null : Instant.ofEpochMilli(in.number());
    List<EndedJob> ended = ended(in);
    Set<String> paused = new LinkedHashSet<>();
    for (int left = in.list(); left > 0; left--) {
      paused.add(in.text());
    }
    Instant time = Instant.ofEpochSecond(in.number(), in.number() * 1_000);
    return new Exchange(receipts, jobs, nextDue, ended, paused, time);
  }

  private static List<EndedJob> ended(Unpack in) {
    List<EndedJob> ended = new ArrayList<>();
    for (int left = in.list(); left > 0; left--) {
      in.list();
      ended.add(new EndedJob(in.id(), in.text(), in.text(), state(in), in.text()));
    }
    return ended;
  }

  static Maintained maintained(Unpack in) {
    in.list();
    List<JobId> reclaimed = in.ids();
    List<EndedJob> ended = ended(in);
    return new Maintained(reclaimed, ended, in.ids(), in.ids(), in.count(), in.truth());
  }
}
