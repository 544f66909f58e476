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
import java.util.function.Function;

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

  /**
   * Takes jobs that are prepared already through the chain, and lets {@code storing} store what
   * passes: in the unit of an ack as its follow-up jobs, or of {@link
   * dev.noria.storage.Registers#advance}. So every middleware sees every job, however it is stored.
   * Jobs over the limits are rejected before.
   *
   * @param storing gets the jobs as the chain has changed them, on the calling thread, and answers
   *     one receipt for each, in order; not called when the chain settles all
   * @return one receipt for each job, in order
   */
  List<EnqueueReceipt> enqueuePrepared(
      List<NewJob> jobs, Function<List<NewJob>, List<EnqueueReceipt>> storing);

  /** The job as stored. */
  Optional<StoredJob> find(JobId id, Set<Part> parts);

  /** Cancels waiting jobs, and asks running ones to stop. */
  void cancel(Collection<JobId> ids);
}
