package dev.noria.storage;

import static java.util.Objects.requireNonNull;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job that a dequeue handed out (S2). Immutable.
 *
 * @param lease the right to run it
 * @param type picks the handler
 * @param queue where it came from
 * @param payload what was enqueued, bit-identical
 * @param headers what travels with it
 * @param attempt which attempt this is, from 1
 * @param maxAttempts its bound; 0: none of its own
 * @param crashes how many runs in a row ended with the death of the process
 * @param generation how often it was replayed
 * @param priority its priority
 * @param group its group; null: none
 * @param limitKey its key for limits across queues; null: none
 * @param enqueuedAt when it was stored
 * @param runAt the due instant that was asked for at the enqueue or the last replay or reschedule;
 *     retries do not move it
 * @param timeout how long the attempt may run; null: as the type or the worker says
 * @param deadline after which it is not started; null: none
 * @param retention how long it is kept when finished
 * @param awaited whether somebody waits for its end
 */
public record LeasedJob(
    Lease lease,
    String type,
    String queue,
    Bytes payload,
    Map<String, String> headers,
    int attempt,
    int maxAttempts,
    int crashes,
    int generation,
    int priority,
    @Nullable String group,
    @Nullable String limitKey,
    Instant enqueuedAt,
    Instant runAt,
    @Nullable Duration timeout,
    @Nullable Instant deadline,
    Retention retention,
    boolean awaited) {

  /** Needs what every job has. */
  public LeasedJob {
    requireNonNull(lease, "lease");
    requireNonNull(type, "type");
    requireNonNull(queue, "queue");
    requireNonNull(payload, "payload");
    headers = Map.copyOf(headers);
  }

  /** Who the job is. */
  public JobId id() {
    return lease.id();
  }

  /** The same job with another payload, as the links further inside shall see it. */
  public LeasedJob withPayload(Bytes other) {
    return new LeasedJob(
        lease,
        type,
        queue,
        other,
        headers,
        attempt,
        maxAttempts,
        crashes,
        generation,
        priority,
        group,
        limitKey,
        enqueuedAt,
        runAt,
        timeout,
        deadline,
        retention,
        awaited);
  }

  /** The same job with other headers, as the links further inside shall see it. */
  public LeasedJob withHeaders(Map<String, String> other) {
    return new LeasedJob(
        lease,
        type,
        queue,
        payload,
        other,
        attempt,
        maxAttempts,
        crashes,
        generation,
        priority,
        group,
        limitKey,
        enqueuedAt,
        runAt,
        timeout,
        deadline,
        retention,
        awaited);
  }
}
