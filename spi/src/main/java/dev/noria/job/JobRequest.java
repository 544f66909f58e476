package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One job to enqueue among others: made by {@link JobKind#job}, taken by {@code enqueueAll}, {@code
 * enqueueMany} and {@link JobContext#followUp}. Immutable.
 *
 * @param <P> the payload
 * @param kind the type of the job
 * @param payload what the handler gets; encoded when it is enqueued
 * @param options what differs from the defaults; no option twice
 */
public record JobRequest<P>(JobKind<P> kind, P payload, List<JobOption> options) {

  /** Checks that no option is there twice. */
  public JobRequest {
    requireNonNull(kind, "kind");
    requireNonNull(payload, "payload");
    options = JobOption.distinct(options);
  }
}
