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

  /** Reads the contents; jobs whose contents are gone or damaged go into {@code unreadable}. */
  Exchange load(Contents contents, List<Lease> unreadable) {
    List<LeasedJob> leased = new ArrayList<>(jobs.size());
    List<EndedJob> over = ended;
    for (Taken taken : jobs) {
      Body.Loaded loaded = taken.body().load(contents);
      if (loaded != null) {
        leased.add(taken.with(nonce, loaded));
      } else {
        unreadable.add(taken.lease(nonce));
        over = over == ended ? new ArrayList<>(ended) : over;
        over.add(
            new EndedJob(
                taken.id(), taken.queue(), taken.shape().type, JobState.DEAD, Reasons.CORRUPT));
      }
    }
    return new Exchange(receipts, leased, Shown.instant(nextDue), over, paused, null);
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
