package dev.noria.job;

import java.util.List;

/**
 * What a type of job is called, what it carries, and where it goes by default: the common part of
 * {@link JobType} (no result) and {@link CallType} (with a result), so that enqueuing and handling
 * cannot disagree about the payload.
 *
 * @param <P> the payload
 */
public sealed interface JobKind<P> permits JobType, CallType {

  /** The stable name that picks the handler, such as {@code email.send}; never a class name. */
  String name();

  /** The class of the payload. */
  Class<P> payload();

  /** The queue that jobs of this type go to unless an option says otherwise. */
  String queue();

  /** Options that every enqueue of this type starts from; the call's own options win. */
  List<JobOption> options();

  /** A request for {@code enqueueAll}: this type with a payload and options of its own. */
  default JobRequest<P> job(P payload, JobOption... options) {
    return new JobRequest<>(this, payload, List.of(options));
  }
}
