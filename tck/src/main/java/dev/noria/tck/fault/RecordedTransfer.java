package dev.noria.tck.fault;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.job.Page;
import dev.noria.job.StoredJob;
import dev.noria.storage.CallId;
import dev.noria.storage.Transfer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hears the jobs that an import brings. */
final class RecordedTransfer implements Transfer {
  private final Transfer inner;
  private final Scribe scribe;

  RecordedTransfer(Transfer inner, Scribe scribe) {
    this.inner = inner;
    this.scribe = scribe;
  }

  @Override
  public Page<StoredJob> export(@Nullable String cursor, int limit) {
    return inner.export(cursor, limit);
  }

  @Override
  public List<EnqueueReceipt> restore(List<StoredJob> jobs, Instant now) {
    CallId call = scribe.ownCall();
    List<NewJob> plain = jobs.stream().map(StoredJob::job).toList();
    return scribe.enqueue(call, plain, now, () -> inner.restore(jobs, now));
  }
}
