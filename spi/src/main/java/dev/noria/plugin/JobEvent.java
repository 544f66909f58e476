package dev.noria.plugin;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Outcome;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that happened in this process. Immutable. */
public sealed interface JobEvent {

  /** When, by the kernel's clock. */
  Instant at();

  /**
   * A job was stored.
   *
   * @param at when
   * @param id the job
   * @param queue its queue
   * @param type its type
   */
  record Enqueued(Instant at, JobId id, String queue, String type) implements JobEvent {}

  /**
   * A handler is about to start.
   *
   * @param at when
   * @param id the job
   * @param queue its queue
   * @param type its type
   * @param attempt which attempt, from 1
   * @param waited since it was due
   */
  record Started(Instant at, JobId id, String queue, String type, int attempt, Duration waited)
      implements JobEvent {}

  /**
   * An attempt ended, and its ack was stored.
   *
   * @param at when
   * @param id the job
   * @param queue its queue
   * @param type its type
   * @param attempt which attempt, from 1
   * @param outcome how it ended
   * @param ran how long it ran
   */
  record Ended(
      Instant at,
      JobId id,
      String queue,
      String type,
      int attempt,
      Outcome.Kind outcome,
      Duration ran)
      implements JobEvent {}

  /**
   * The storage ended a job by itself: expired, poisoned, corrupt, out of attempts.
   *
   * @param at when
   * @param id the job
   * @param queue its queue
   * @param type its type
   * @param state DEAD or CANCELLED
   * @param reason one of {@link dev.noria.job.Reasons}
   */
  record EndedByStorage(
      Instant at, JobId id, String queue, String type, JobState state, String reason)
      implements JobEvent {}

  /**
   * An expired lease was taken back by this process; the job waits again.
   *
   * @param at when
   * @param id the job
   */
  record Reclaimed(Instant at, JobId id) implements JobEvent {}

  /**
   * A lease was lost while its handler ran.
   *
   * @param at when
   * @param id the job
   * @param type its type
   */
  record LeaseLost(Instant at, JobId id, String type) implements JobEvent {}

  /**
   * The storage met a damaged record of its own, set it aside and goes on without it. Each worker
   * that meets it tells it once; jobs that end for it are told by {@link EndedByStorage} as well.
   *
   * @param at when
   * @param record where it was found, such as the path of a file
   * @param keptAt where its bytes lie now, for people to look at
   * @param reason what is wrong with it
   */
  record RecordSetAside(Instant at, String record, String keptAt, String reason)
      implements JobEvent {}

  /**
   * A storage call ended.
   *
   * @param at when
   * @param operation the method, such as {@code exchange}
   * @param items how many jobs, acks or leases it carried, there and back
   * @param took how long it took
   * @param error the kind of the {@code StorageException}; null when it succeeded
   */
  record StorageCalled(
      Instant at, String operation, int items, Duration took, @Nullable String error)
      implements JobEvent {}
}
