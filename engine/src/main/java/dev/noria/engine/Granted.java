package dev.noria.engine;

import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.EndedJob;
import dev.noria.storage.Exchange;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The reply to an exchange, contents not read yet. */
record Granted(
    List<AckReceipt> receipts,
    List<Taken> jobs,
    long nonce,
    long nextDue,
    List<EndedJob> ended,
    Set<String> paused) {

  /** What was read, and the leases of jobs whose contents are gone or damaged. */
  record Loaded(Exchange exchange, List<Lease> unreadable, List<EndedJob> unreadableJobs) {

    /** Says besides that those without contents have ended. */
    Exchange withUnreadableEnded() {
      List<EndedJob> over = new ArrayList<>(exchange.ended());
      over.addAll(unreadableJobs);
      return new Exchange(
          exchange.receipts(),
          exchange.jobs(),
          exchange.nextDue(),
          over,
          exchange.pausedQueues(),
          exchange.serverTime());
    }
  }

  /** Reads the contents. */
  Loaded load(Contents contents) {
    List<LeasedJob> leased = new ArrayList<>(jobs.size());
    List<Lease> unreadable = new ArrayList<>(0);
    List<EndedJob> over = new ArrayList<>(0);
    for (Taken taken : jobs) {
      Body.Loaded loaded = taken.body().load(contents);
      if (loaded != null) {
        leased.add(taken.with(nonce, loaded));
      } else {
        unreadable.add(taken.lease(nonce));
        over.add(
            new EndedJob(
                taken.id(), taken.queue(), taken.shape().type, JobState.DEAD, Reasons.CORRUPT));
      }
    }
    return new Loaded(
        new Exchange(receipts, leased, Shown.instant(nextDue), ended, paused, null),
        unreadable,
        over);
  }

  void count(LiveContents live, boolean more) {
    for (Taken taken : jobs) {
      if (more) {
        live.add(taken.body().sequence);
      } else {
        live.drop(taken.body().sequence);
      }
    }
  }

  void write(Out out) {
    out.list(
        receipts,
        receipt -> {
          out.id(receipt.id());
          out.flag(receipt.isApplied());
        });
    out.list(jobs, job -> job.write(out));
    out.fixed(nonce);
    out.number(nextDue);
    out.list(ended, job -> Wire.ended(out, job));
    out.list(new TreeSet<>(paused), out::name);
  }

  static Granted read(In in) {
    List<AckReceipt> receipts =
        in.list(
            () -> {
              var id = in.id();
              return in.flag() ? AckReceipt.applied(id) : AckReceipt.stale(id);
            });
    List<Taken> jobs = in.list(() -> Taken.read(in));
    long nonce = in.fixed();
    long nextDue = in.number();
    List<EndedJob> ended = in.list(() -> Wire.ended(in));
    return new Granted(receipts, jobs, nonce, nextDue, ended, new TreeSet<>(in.list(in::name)));
  }
}
