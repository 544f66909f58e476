package dev.noria;

import static java.util.Objects.requireNonNull;

import dev.noria.job.CallHandler;
import dev.noria.job.CallType;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobHandler;
import dev.noria.job.JobId;
import dev.noria.job.JobKind;
import dev.noria.job.JobOption;
import dev.noria.job.JobRequest;
import dev.noria.job.JobType;
import dev.noria.kernel.Awaiting;
import dev.noria.kernel.Kernel;
import dev.noria.kernel.QueueLife;
import dev.noria.middleware.Middleware;
import dev.noria.plugin.Plugin;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The door to all queues of one namespace: enqueues jobs, handles them, and looks after them.
 *
 * <pre>{@code
 * try (JobQueue queue = JobQueue.open("sqlite:jobs.db")) {
 *   queue.handle(SEND, (email, job) -> mailer.send(email)).start();
 *   queue.enqueue(SEND, new Email("customer@example.org", "Hello"));
 *   queue.awaitStop();
 * }
 * }</pre>
 *
 * <p>{@code use}, {@code provide}, {@code handle} and {@code workOn} come first: the queue opens
 * its storage with the first call of anything else, and from then on they are errors. A process
 * that only enqueues needs no {@link #start}. Delivery is at least once. Thread-safe.
 */
public final class JobQueue extends QueueOperations implements AutoCloseable {
  private final QueueLife life;

  JobQueue(QueueLife life) {
    this.life = life;
  }

  /** A queue whose storage is named by a plugin or by the setting {@code noria.storage}. */
  public static JobQueue create() {
    return builder().build();
  }

  /**
   * A queue on the storage at {@code address}, such as {@code memory:} or {@code sqlite:jobs.db}.
   */
  public static JobQueue open(String address) {
    return builder().storage(address).build();
  }

  /** For all that can be said beyond the address. */
  public static JobQueueBuilder builder() {
    return new JobQueueBuilder();
  }

  /** Adds a plugin; it replaces a discovered one of the same id. */
  public JobQueue use(Plugin plugin) {
    life.use(plugin);
    return this;
  }

  /** Adds one middleware, next to the handler. */
  public JobQueue use(String id, Middleware middleware) {
    return use(Plugin.of(id, middleware));
  }

  /** Offers an object to the constructors of handler and middleware classes. */
  public <T> JobQueue provide(Class<T> type, T service) {
    life.provide(type, service);
    return this;
  }

  /** Handles a type with a lambda or an object. */
  public <P> JobQueue handle(JobType<P> type, JobHandler<P> handler) {
    life.handle(type, requireNonNull(handler, "handler"), null);
    return this;
  }

  /** Handles a type with a class, made by constructor injection when the queue opens. */
  public <P> JobQueue handle(JobType<P> type, Class<? extends JobHandler<P>> handler) {
    life.handle(type, null, requireNonNull(handler, "handler"));
    return this;
  }

  /** Handles a type that has a result, with a lambda or an object. */
  public <P, R> JobQueue handle(CallType<P, R> type, CallHandler<P, R> handler) {
    life.handle(type, requireNonNull(handler, "handler"), null);
    return this;
  }

  /** Handles a type that has a result, with a class. */
  public <P, R> JobQueue handle(CallType<P, R> type, Class<? extends CallHandler<P, R>> handler) {
    life.handle(type, null, requireNonNull(handler, "handler"));
    return this;
  }

  /** Works on a queue beyond the default queues of the handled types. */
  public JobQueue workOn(String queue) {
    life.workOn(queue, 0, 1);
    return this;
  }

  /**
   * Works on a queue with a bound of its own.
   *
   * @param queue the queue
   * @param concurrency most handlers of it at once, 1 to 10 000
   * @param weight its share against the other queues of this worker, 1 to 1 000; no queue starves
   */
  public JobQueue workOn(String queue, int concurrency, int weight) {
    if (concurrency < 1 || concurrency > 10_000 || weight < 1 || weight > 1_000) {
      throw new IllegalArgumentException(
          "Concurrency "
              + concurrency
              + " or weight "
              + weight
              + " of queue '"
              + queue
              + "' is out of range. Expected a concurrency of 1 to 10000 and a weight of 1 to"
              + " 1000.");
    }
    life.workOn(queue, concurrency, weight);
    return this;
  }

  /**
   * Enqueues one job; returns when it is stored as durably as the storage promises.
   *
   * @return ENQUEUED, or DUPLICATE or REPLACED with the existing job when the key is taken
   * @throws dev.noria.job.RejectedException if it is refused
   * @throws dev.noria.storage.StorageException if the storage broke; it says whether the job may be
   *     stored all the same
   */
  public <P> EnqueueReceipt enqueue(JobKind<P> kind, P payload, JobOption... options) {
    return kernel().client().enqueue(kind, payload, options);
  }

  /**
   * Enqueues jobs in one unit, up to the storage's batch limit; larger lists are stored in several.
   * A refused job does not stop the others: look at the receipts.
   *
   * @return one receipt for each request, in order
   */
  public List<EnqueueReceipt> enqueueAll(List<? extends JobRequest<?>> requests) {
    return kernel().client().enqueueAll(requests);
  }

  /**
   * Enqueues any number of jobs, a thousand at a time, each thousand in a unit of its own.
   *
   * @return how many were stored as new jobs
   */
  public long enqueueMany(Stream<? extends JobRequest<?>> requests) {
    return QueueLife.enqueueMany(kernel().client(), requests);
  }

  /** A fresh id for {@link JobOption#id}, greater than those made before in this process. */
  public JobId newId() {
    return kernel().client().newId();
  }

  /**
   * Enqueues one job and waits for its result. With a key that is taken it waits for the existing
   * job.
   *
   * @throws dev.noria.job.JobFailedException if it ends dead
   * @throws dev.noria.job.JobCancelledException if it is cancelled
   * @throws TimeoutException if it does not end in time; it goes on
   */
  public <P, R> R enqueueAndWait(
      CallType<P, R> type, P payload, Duration timeout, JobOption... options)
      throws InterruptedException, TimeoutException {
    return Awaiting.call(kernel(), type, type.job(payload, options), timeout);
  }

  /** The result of a job; empty when it is not finished, or gone. */
  public <P, R> Optional<R> result(CallType<P, R> type, JobId id) {
    return find(id)
        .filter(job -> job.state().isFinished())
        .map(job -> Awaiting.result(kernel(), type, job));
  }

  /** Enqueues inside a transaction of the caller, where the storage can. */
  public Transactional within(Connection connection) {
    return new Transactional(kernel().client(), requireNonNull(connection, "connection"));
  }

  /** A service that a plugin provides, such as {@code Cron}. */
  public <T> T get(Class<T> service) {
    return kernel()
        .plan()
        .services()
        .find(service)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No plugin provides "
                        + service.getName()
                        + ". Expected one that does; add it"
                        + " with use(…)."));
  }

  /** Starts to work on the queues of the handled types. */
  public JobQueue start() {
    life.start();
    return this;
  }

  /** Stops to work: running handlers may end for the grace period. Enqueuing goes on. */
  public void stop() {
    life.stop();
  }

  /**
   * Waits until somebody calls {@link #stop} or {@link #close}. While somebody waits, an orderly
   * end of the JVM (Ctrl-C, SIGTERM) stops the queue first.
   */
  public void awaitStop() throws InterruptedException {
    life.awaitStop();
  }

  /** The chains of all points, outermost first: {@code process: retries(timeout(handler))}. */
  public String describe() {
    return kernel().describe();
  }

  /** How it is. */
  public Health health() {
    return life.health();
  }

  /** Stops to work and closes the storage. A second call does nothing. */
  @Override
  public void close() {
    life.close();
  }

  @Override
  Kernel kernel() {
    return life.kernel();
  }
}
