package dev.noria.job;

import java.sql.Connection;
import java.time.Duration;
import java.util.Map;

/**
 * The job as its handler sees it, for the time of one attempt.
 *
 * <p>{@link #snooze}, {@link #retryIn}, {@link #fail} and {@link #ackWithin} set the verdict of the
 * attempt: it stands whatever the handler returns or throws afterwards, and a second verdict is an
 * error. Implemented by the kernel only; methods may be added. Thread-safe.
 */
public interface JobContext {

  /** Who the job is. The natural idempotency key of its effects. */
  JobId id();

  /** Its type. */
  String type();

  /** The queue it came from. */
  String queue();

  /** Which attempt this is, from 1. */
  int attempt();

  /** After how many attempts the job is dead; 0: it has no bound of its own. */
  int maxAttempts();

  /**
   * The number of this lease, growing with each dequeue of the job: a fencing token. A store that
   * remembers the highest epoch it saw can refuse writes of an older attempt.
   */
  long epoch();

  /** What travelled with the job. */
  Map<String, String> headers();

  /** How the handler learns that it should stop. */
  Cancellation cancellation();

  /** Whether the lease is still safe by this process's monotonic clock. */
  boolean isLeaseValid();

  /**
   * Extends the lease by hand and asks the storage whether it is still ours. The kernel does it by
   * itself every third of a lease; useful before an effect that must not happen twice.
   *
   * @return whether the job is still leased to this attempt
   */
  boolean extend();

  /**
   * Says how far the attempt is, for those who look. Losing it changes nothing.
   *
   * @param percent 0 to 100
   * @param message a few words; cut to 1 KiB
   */
  void progress(int percent, String message);

  /** Adds a line to the job's own log: the last 100 lines are kept, each cut to 1 KiB. */
  void log(String line);

  /**
   * Enqueues another job in the same unit as this attempt's ack: both happen, or neither. It passes
   * the enqueue chain now, on this thread.
   *
   * @return its id, or that of the existing job with which a middleware answered
   * @throws RejectedException if it is refused
   */
  <P> JobId followUp(JobKind<P> kind, P payload, JobOption... options);

  /** Verdict: release the job until {@code delay} has passed; the attempt does not count. */
  void snooze(Duration delay);

  /** Verdict: this attempt failed, try again after {@code delay}, whatever the policy says. */
  void retryIn(Duration delay, String why);

  /** Verdict: the job failed for good and is not tried again. */
  void fail(String why);

  /**
   * Verdict: completed, as part of the caller's own transaction, so that effect and ack happen once
   * or not at all. Heartbeats of the job stop.
   *
   * @throws dev.noria.storage.StorageException if the lease is lost; roll back then
   */
  void ackWithin(Connection connection);

  /**
   * A service that a plugin provides for attempts, such as {@code Steps}.
   *
   * @throws IllegalArgumentException if no plugin provides one of that type
   */
  <T> T get(Class<T> service);
}
