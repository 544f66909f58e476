package dev.noria;

import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Page;
import dev.noria.job.Part;
import dev.noria.job.QueueCounts;
import dev.noria.job.QueuePolicy;
import dev.noria.job.StoredJob;
import dev.noria.job.WorkerInfo;
import dev.noria.kernel.Client;
import dev.noria.kernel.Kernel;
import dev.noria.kernel.Operating;
import dev.noria.storage.Administration;
import dev.noria.storage.Administration.ChangeReceipt;
import dev.noria.storage.Inspection;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an operator does with the jobs of a queue: looks, and changes. Thread-safe. */
abstract sealed class QueueOperations permits JobQueue {

  QueueOperations() {}

  abstract Kernel kernel();

  private Client client() {
    return kernel().client();
  }

  private Administration administration() {
    return client().capability(Administration.class);
  }

  private Inspection inspection() {
    return client().capability(Inspection.class);
  }

  private Instant now() {
    return client().clock().now();
  }

  /** The job with all its parts; empty when there is none, or none any more. */
  public Optional<StoredJob> find(JobId id) {
    return client().find(id, EnumSet.allOf(Part.class));
  }

  /** The job with the parts that are named. */
  public Optional<StoredJob> find(JobId id, Set<Part> parts) {
    return client().find(id, parts);
  }

  /** The jobs with the parts that are named, in the order of the ids; missing ones are left out. */
  public List<StoredJob> findAll(Collection<JobId> ids, Set<Part> parts) {
    return client().find(ids, parts);
  }

  /** Jobs in the order of their ids, from the first one. */
  public Page<StoredJob> list(JobFilter filter, int limit) {
    return list(filter, null, limit);
  }

  /** Jobs in the order of their ids, from where the last page ended; at most 1000. */
  public Page<StoredJob> list(JobFilter filter, @Nullable String cursor, int limit) {
    return inspection().list(filter, cursor, limit);
  }

  /** Jobs of a queue by recorded state, at most 2 s old. */
  public QueueCounts counts(String queue) {
    return inspection().counts(queue);
  }

  /** The queues that exist. */
  public List<Inspection.QueueState> queues() {
    return inspection().queues();
  }

  /** The worker processes that are there, of all hosts. */
  public List<WorkerInfo> workers() {
    return Operating.workers(kernel());
  }

  /** Cancels waiting jobs and asks running ones to stop; one receipt for each, in order. */
  public List<ChangeReceipt> cancel(JobId... ids) {
    return client().cancelled(Arrays.asList(ids));
  }

  /** Deletes jobs that do not run. */
  public List<ChangeReceipt> delete(JobId... ids) {
    return administration().delete(Arrays.asList(ids), now());
  }

  /** Gives a waiting job another due instant. */
  public ChangeReceipt reschedule(JobId id, Instant dueAt) {
    return administration().reschedule(List.of(id), Operating.roundUp(dueAt), now()).get(0);
  }

  /** Gives a waiting job another priority, −100 to 100. */
  public ChangeReceipt reprioritise(JobId id, int priority) {
    return administration().reprioritise(List.of(id), priority, now()).get(0);
  }

  /** Makes finished jobs due again, as a new generation. */
  public List<ChangeReceipt> replay(JobId... ids) {
    return administration().replay(Arrays.asList(ids), now());
  }

  /**
   * Deletes finished jobs of all queues.
   *
   * @param states which final states
   * @param olderThan only those that ended longer ago
   * @return how many were deleted
   */
  public int purge(Set<JobState> states, Duration olderThan) {
    Instant end = now().minus(olderThan);
    return Operating.repeat(limit -> administration().purge(null, states, end, limit, now()));
  }

  /** Deletes the waiting jobs of a queue; returns how many. */
  public int discardWaiting(String queue) {
    return Operating.repeat(limit -> administration().discardWaiting(queue, limit, now()));
  }

  /** Pauses a queue: nothing of it starts after this returned, until {@link #resume}. */
  public void pause(String queue) {
    administration().pause(queue, now());
  }

  /** Ends a pause. */
  public void resume(String queue) {
    administration().resume(queue, now());
  }

  /** Deletes all jobs of a queue but the running ones; returns how many. */
  public int clear(String queue) {
    return Operating.repeat(limit -> administration().clear(queue, limit, now()));
  }

  /** Sets the limits of a queue and how its groups share it. */
  public void policy(String queue, QueuePolicy policy) {
    client().setPolicy(queue, policy);
  }

  /** The limits of a queue. */
  public QueuePolicy policy(String queue) {
    return administration().policy(queue);
  }
}
