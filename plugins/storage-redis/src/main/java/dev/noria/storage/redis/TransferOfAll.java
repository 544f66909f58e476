package dev.noria.storage.redis;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.Page;
import dev.noria.job.StoredJob;
import dev.noria.storage.Transfer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moving everything that is stored. */
final class TransferOfAll implements Transfer {
  private final Server server;
  private final Finder finder;

  TransferOfAll(Server server, Finder finder) {
    this.server = server;
    this.finder = finder;
  }

  @Override
  public Page<StoredJob> export(@Nullable String cursor, int limit) {
    Listing.checkLimit(limit);
    List<StoredJob> jobs = new ArrayList<>();
    JobId last = cursor == null ? null : JobId.parse(cursor);
    Walk walk = finder.after(last, Finder.everything());
    while (jobs.size() < limit) {
      walk.next(limit - jobs.size()).forEach(found -> jobs.add(found.job()));
      if (walk.isAtEnd()) {
        return new Page<>(jobs, null);
      }
    }
    return new Page<>(jobs, String.valueOf(walk.last()));
  }

  @Override
  public List<EnqueueReceipt> restore(List<StoredJob> jobs, Instant now) {
    Pack out = RedisStorage.now(now).key("jobs").list(jobs.size());
    jobs.forEach(job -> write(out, job));
    Unpack in = server.ask("restore", out.close());
    in.list();
    List<EnqueueReceipt> receipts = new ArrayList<>();
    for (StoredJob job : jobs) {
      receipts.add(
          in.isTrue()
              ? EnqueueReceipt.enqueued(job.id())
              : EnqueueReceipt.duplicate(job.id(), Codes.state(in.count())));
    }
    return receipts;
  }

  private static void write(Pack out, StoredJob job) {
    JobNotes notes = job.notes();
    out.list(6).open();
    JobForm.given(out, job.job());
    status(out, job);
    out.close();
    out.rawOrNothing(job.result());
    if (job.history().isEmpty()) {
      out.nothing();
    } else {
      out.raw(Views.history(job.history()));
    }
    if (notes.progress() == null) {
      out.nothing();
    } else {
      out.raw(Views.progress(notes.progress()));
    }
    out.list(notes.log().size());
    notes.log().forEach(line -> out.raw(Views.line(line)));
    out.list(2 * notes.steps().size());
    notes.steps().forEach((name, result) -> out.text(name).raw(result));
  }

  /** A running job waits again, its attempt given back. */
  private static void status(Pack out, StoredJob job) {
    JobStatus status = job.status();
    boolean running = status.state() == JobState.RUNNING;
    JobState state = running ? JobState.READY : status.state();
    out.key("s").number(Codes.of(state));
    out.key("e").number(status.enqueuedAt().toEpochMilli());
    out.key("d").number(status.dueAt().toEpochMilli());
    JobForm.number(out, "a", running ? status.attempt() - 1 : status.attempt(), 0);
    JobForm.number(out, "c", status.crashes(), 0);
    JobForm.number(out, "n", status.epoch(), 0);
    JobForm.number(out, "G", status.generation(), 0);
    JobForm.text(out, "R", status.reason());
    JobForm.mark(out, "C", status.cancelRequested());
    if (state.isFinished()) {
      Instant ended = status.finishedAt() == null ? status.dueAt() : status.finishedAt();
      out.key("f").number(ended.toEpochMilli());
      out.key("E").number(ended.plus(job.job().retention().of(state)).toEpochMilli());
    }
    if (state == JobState.BLOCKED) {
      out.key("U").raw(JobForm.ids(job.job().dependencies().on()));
    }
  }
}
