package dev.noria.plugin;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKind;
import dev.noria.job.JobOption;
import dev.noria.job.JobRequest;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What plugins may do with jobs: enqueue through the whole chain, look, cancel. Implemented by the
 * kernel only; methods may be added. Thread-safe.
 */
public interface Jobs {

  /** Enqueues one job; throws {@link dev.noria.job.RejectedException} when it is refused. */
  <P> EnqueueReceipt enqueue(JobKind<P> kind, P payload, JobOption... options);

  /** Enqueues several jobs in one unit, up to the batch limit. */
  List<EnqueueReceipt> enqueueAll(List<? extends JobRequest<?>> requests);

  /** Makes the storable form of a request, encoded and staged, without enqueuing it. */
  NewJob prepare(JobRequest<?> request);

  /** Enqueues jobs that are prepared already, through the chain. */
  List<EnqueueReceipt> enqueuePrepared(List<NewJob> jobs);

  /** The job as stored. */
  Optional<StoredJob> find(JobId id, Set<Part> parts);

  /** Cancels waiting jobs, and asks running ones to stop. */
  void cancel(Collection<JobId> ids);
}
