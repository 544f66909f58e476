package dev.noria.kernel;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.StoredJob;
import dev.noria.plugin.PayloadStage.Content;
import dev.noria.plugin.PayloadStage.Context;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Lease;
import dev.noria.storage.Notes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Notes as plugins get them where there are payload stages: what they write passes the stages, and
 * what they read has them undone. Thread-safe.
 */
record StagedNotes(Notes notes, JobStorage storage, Payloads payloads) implements Notes {

  @Override
  public boolean progress(Lease lease, JobNotes.Progress progress) {
    return write(
        lease,
        Content.NOTE,
        context -> {
          Bytes staged = payloads.write(progress.message(), context);
          return notes.progress(lease, new JobNotes.Progress(progress.percent(), staged));
        });
  }

  @Override
  public boolean log(Lease lease, List<JobNotes.LogLine> lines) {
    return write(
        lease,
        Content.NOTE,
        context ->
            notes.log(
                lease,
                lines.stream()
                    .map(
                        line ->
                            new JobNotes.LogLine(line.at(), payloads.write(line.text(), context)))
                    .toList()));
  }

  @Override
  public boolean step(Lease lease, String name, Bytes result) {
    return write(
        lease, Content.STEP, context -> notes.step(lease, name, payloads.write(result, context)));
  }

  @Override
  public JobNotes notes(JobId id) {
    return job(id)
        .map(job -> StoredView.notes(job, notes.notes(id), payloads))
        .orElse(JobNotes.NONE);
  }

  /** The stages are told whose content it is; a job that is gone has no current lease. */
  private boolean write(Lease lease, Content content, Predicate<Context> action) {
    return job(lease.id())
        .map(job -> new Context(job.id(), job.queue(), job.type(), content))
        .filter(action)
        .isPresent();
  }

  private Optional<StoredJob> job(JobId id) {
    return storage.find(List.of(id), Set.of()).stream().findFirst();
  }
}
