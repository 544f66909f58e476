package dev.noria.storage;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where jobs live. Implemented by storage plugins, called only by the kernel. The rules that every
 * implementation keeps are numbered; {@code docs/storage-contract.md} has them in full, and the
 * test kit names its tests after them.
 *
 * <ul>
 *   <li><b>S0.1</b> Lists in, lists out, results in request order. A call is one atomic unit; a
 *       medium that cannot do that names a {@link Deviation}.
 *   <li><b>S0.2</b> Thread-safe. Never waits for work: waiting is the kernel's business.
 *   <li><b>S0.3</b> Never reads a wall clock: instants are arguments, in milliseconds, 1970 to
 *       2200. Monotonic time for a storage's own I/O waits is fine.
 *   <li><b>S0.4</b> Ordinary outcomes are values. A {@link StorageException} means that the storage
 *       broke, and says whether the outcome is unknown. The kernel repeats such a call with the
 *       same {@link CallId}; the storage keeps, in the same unit, the last sequence of each client
 *       and what is needed to give the reply again. An equal sequence gets the stored reply, a
 *       lower one is refused with {@code CONFLICT}. {@link #enqueue} and {@link #exchange} of one
 *       client share its sequence.
 *   <li><b>S0.5</b> {@link #info()} names the durability that an OK means, verified at open.
 *   <li><b>S0.6</b> Payloads, results and steps come back bit-identical, up to {@link
 *       StorageInfo#limits()}.
 *   <li><b>S0.7</b> Names are any well-formed Unicode without U+0000, compared bytewise as UTF-8,
 *       and never escape their place.
 *   <li><b>S0.8</b> The cost of a job does not grow with the backlog, the scheduled jobs or the
 *       history.
 *   <li><b>S0.9</b> Namespaces never see each other.
 *   <li><b>S0.10</b> The stored format is versioned; a newer one is refused.
 * </ul>
 */
public interface JobStorage extends AutoCloseable {

  /**
   * S1. Stores new jobs.
   *
   * <ul>
   *   <li><b>S1.1</b> All accepted jobs of a call are stored in one unit; a duplicate or refused
   *       one does not stop the others.
   *   <li><b>S1.2</b> One receipt per job: ENQUEUED, DUPLICATE with the state of the existing job,
   *       REPLACED, or REJECTED with the reason.
   *   <li><b>S1.3</b> Ids are made by the client; an id that exists answers DUPLICATE.
   *   <li><b>S1.4</b> At most one entry per (queue, key) at any committed instant; see {@link
   *       dev.noria.job.KeyPolicy}. A holder that waits again (retry, release, reclaim) takes a
   *       free entry back, else goes on without. Replay takes the entry or answers KEY_TAKEN.
   *   <li><b>S1.5</b> A due instant after {@code now} makes the job SCHEDULED, else READY.
   *   <li><b>S1.6</b> A job with dependencies is BLOCKED until every one of them is COMPLETED. They
   *       may be in the same call, in other queues, or finished; one answered DUPLICATE or REPLACED
   *       in the same call means the existing id. One that ends DEAD or CANCELLED applies the
   *       dependent's policy. Retention and purge spare a job that somebody still depends on.
   *   <li><b>S1.7</b> Wakes sleepers after commit, and only when somebody sleeps.
   *   <li><b>S1.8</b> Retention is part of the job; zero: it vanishes with its ack.
   * </ul>
   *
   * @param call names the call for repetitions
   * @param jobs at most as many as the limits say
   * @param now the present
   * @return one receipt for each job, in order
   * @throws StorageException if the storage broke
   */
  List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now);

  /**
   * S2 and S3. Acks first, then dequeues: one trip, one unit.
   *
   * <ul>
   *   <li><b>S2.1</b> Returns only due jobs of the requested queues that are not paused. Never
   *       early.
   *   <li><b>S2.2</b> In the same unit: RUNNING, epoch+1, attempt+1, lease and expiry. A job is
   *       leased to one caller at a time.
   *   <li><b>S2.3</b> Order inside a line (queue, group): priority, higher first; LIFO before FIFO;
   *       FIFO by the instant of becoming READY and a sequence, LIFO newest first, a place that
   *       retries keep. Two READY jobs committed before the call are not inverted. Due SCHEDULED
   *       jobs are promoted in due order, at least max(1000, total) per call; their order counts
   *       from promotion.
   *   <li><b>S2.4</b> At most the requested number per queue and in total.
   *   <li><b>S2.5</b> Groups share a queue by weighted round-robin among those that have work;
   *       limits are exact under any number of callers and count every leased job. Filtering comes
   *       before limiting: a saturated group or a paused queue never hides others' work. A release
   *       gives the running slot back, not the token.
   *   <li><b>S2.6</b> A job whose deadline has passed is not returned but ends DEAD(EXPIRED), at
   *       most 1000 per call; a corrupt one ends DEAD(CORRUPT), bytes kept. Both are in {@code
   *       ended}.
   *   <li><b>S2.7</b> {@code nextDue} and {@code park}, see {@link Exchange} and {@link
   *       DequeueRequest}: no wake-up is lost.
   *   <li><b>S3.1</b> See {@link Ack}; Completed, Dead and Cancelled may carry follow-up jobs,
   *       stored in the same unit if the ack is applied.
   *   <li><b>S3.2</b> Compare-and-set on (id, RUNNING, epoch, nonce): APPLIED, or STALE and nothing
   *       changes.
   *   <li><b>S3.3</b> Expiry is not an event: an ack after expiry but before the lease was taken
   *       back is accepted.
   *   <li><b>S3.4</b> Dependents are settled in following bounded units, by the acker and again by
   *       maintain; never before the last dependency ended, and always eventually.
   *   <li><b>S3.5</b> Retry and Dead append to the history; the first and the last nine are kept.
   *   <li><b>S3.6</b> Released gives the attempt back and, without an instant, keeps due instant
   *       and place.
   *   <li><b>S3.7</b> A job with a requested cancel: Completed and Dead stand; Retry, Released and
   *       reclaim become CANCELLED.
   *   <li><b>S3.8</b> Any ack but Released resets the crash count. {@code JobFinished} is signalled
   *       only for jobs that are awaited or have a live waiter.
   * </ul>
   *
   * @param call names the call for repetitions
   * @param acks of any leases, each lease once
   * @param request what to dequeue; may ask for nothing
   * @param now the present
   * @return the answer
   * @throws StorageException if the storage broke
   */
  Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now);

  /**
   * S4. Extends leases: per lease EXTENDED, LOST, or CANCEL_REQUESTED (extended all the same). Can
   * mark a lease started, or abandoned (then it is not extended). Never shortens. Skips rows locked
   * by a user's transaction and answers EXTENDED for them.
   *
   * @return one receipt for each lease, in order
   * @throws StorageException if the storage broke
   */
  List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now);

  /**
   * S5. The housekeeping that every node does; needs no leader.
   *
   * <ul>
   *   <li><b>S5.1</b> Takes expired leases back. A crash is added if it is the first or the lease
   *       was marked started; DEAD(POISON) at {@link #MAX_CRASHES}, DEAD(ATTEMPTS) if the lease was
   *       started and no attempts are left; else READY, and the attempt is given back if it never
   *       started. An abandoned lease adds no crash; its attempt counts, its reason is ABANDONED.
   *   <li><b>S5.2</b> Ends passed deadlines, also of blocked and paused jobs; drops what outlived
   *       its retention, expired keys and registers; settles dependents.
   *   <li><b>S5.3</b> Verifies one bounded page of primary data against the side indexes each time;
   *       a page that cannot be handled never hides later ones.
   * </ul>
   *
   * <p>Also tells each damaged record that this process set aside once, see {@link SetAside}.
   *
   * @param limit most jobs to touch, at least 1
   * @throws StorageException if the storage broke
   */
  Maintained maintain(int limit, Instant now);

  /**
   * S6. The jobs as stored; missing ids are left out, order as asked.
   *
   * @param parts what to read besides the state
   * @throws StorageException if the storage broke
   */
  List<StoredJob> find(Collection<JobId> ids, Set<Part> parts);

  /** S0.5. What this storage says of itself; cheap. */
  StorageInfo info();

  /** An optional ability; decorators forward this call. */
  default <T extends Capability> Optional<T> capability(Class<T> type) {
    return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
  }

  /** Acks without dequeuing. */
  default List<AckReceipt> ack(CallId call, List<Ack> acks, Instant now) {
    return exchange(call, acks, DequeueRequest.nothing("", 0, now), now).receipts();
  }

  /** Dequeues without acks. */
  default Exchange dequeue(CallId call, DequeueRequest request, Instant now) {
    return exchange(call, List.of(), request, now);
  }

  /** After how many crashes in a row a job is DEAD(POISON). */
  int MAX_CRASHES = 3;

  /** Ends all I/O and gives everything back. A second call does nothing. */
  @Override
  void close();
}
