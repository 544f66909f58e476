package dev.noria.tck.history;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Durability;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One thing that somebody saw or did. What is <i>sent</i> is said before the call, what is
 * <i>answered</i> after it: a kill in between leaves a call without an answer, whose outcome is
 * unknown. Immutable.
 */
public sealed interface Entry {

  /** The present by the clock that the storage goes by; null where an entry does not know it. */
  default @Nullable Instant now() {
    return null;
  }

  /** Which lease of which job. */
  record LeaseRef(JobId job, long epoch, long nonce) {
    /** What names {@code lease} in a history. */
    public static LeaseRef of(Lease lease) {
      return new LeaseRef(lease.id(), lease.epoch(), lease.nonce());
    }
  }

  /** A number that differs when the bytes do. */
  static long digest(Bytes bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes.toByteBuffer());
    return sum.getValue() << 24 ^ bytes.size();
  }

  /** A job is handed to the storage: in an enqueue, or as a follow-up of an ack. */
  record EnqueueSent(
      CallId call,
      JobId job,
      String type,
      String queue,
      @Nullable String group,
      @Nullable String limitKey,
      @Nullable String key,
      KeyPolicy.@Nullable Until until,
      @Nullable Duration window,
      @Nullable Instant runAt,
      int priority,
      boolean lifo,
      List<JobId> dependsOn,
      Dependencies.OnFailure onFailure,
      @Nullable Instant deadline,
      Duration keepCompleted,
      Duration keepFailed,
      long digest,
      Instant now)
      implements Entry {
    /** What a history keeps of {@code job}. */
    public static EnqueueSent of(CallId call, NewJob job, Instant now) {
      JobKey key = job.key();
      return new EnqueueSent(
          call,
          job.id(),
          job.type(),
          job.queue(),
          job.group(),
          job.limitKey(),
          key == null ? null : key.name(),
          key == null ? null : key.policy().until(),
          key == null ? null : key.policy().window(),
          job.runAt(),
          job.priority(),
          job.lifo(),
          job.dependencies().on(),
          job.dependencies().onFailure(),
          job.deadline(),
          job.retention().completed(),
          job.retention().failed(),
          Entry.digest(job.payload()),
          now);
    }
  }

  /** The receipt of one job; {@code existing} is the id in the receipt. */
  record EnqueueAnswered(CallId call, JobId job, EnqueueReceipt.Status status, JobId existing)
      implements Entry {
    /** What a history keeps of {@code receipt}, which answers {@code job}. */
    public static EnqueueAnswered of(CallId call, JobId job, EnqueueReceipt receipt) {
      return new EnqueueAnswered(call, job, receipt.status(), receipt.id());
    }
  }

  /** An enqueue, exchange or maintain returned; said after all that it returned. */
  record CallAnswered(CallId call) implements Entry {}

  /** An enqueue, exchange or maintain threw; {@code unknown} when it may have happened. */
  record CallFailed(CallId call, boolean unknown) implements Entry {}

  /** An exchange is sent; the acks in it have entries of their own. */
  record ExchangeSent(CallId call, long nonce, List<String> queues, Instant now) implements Entry {
    /** What a history keeps of {@code request}. */
    public static ExchangeSent of(CallId call, DequeueRequest request, Instant now) {
      List<String> queues =
          request.demands().stream().map(DequeueRequest.Demand::queue).distinct().toList();
      return new ExchangeSent(call, request.nonce(), queues, now);
    }
  }

  /** An exchange handed out a job; said in the order of its reply. */
  record Dequeued(
      CallId call,
      LeaseRef lease,
      int attempt,
      int crashes,
      int generation,
      String queue,
      @Nullable String group,
      int priority,
      Instant runAt,
      Instant expiresAt,
      long digest,
      Instant now)
      implements Entry {
    /** What a history keeps of {@code job}. */
    public static Dequeued of(CallId call, LeasedJob job, Instant expiresAt, Instant now) {
      return new Dequeued(
          call,
          LeaseRef.of(job.lease()),
          job.attempt(),
          job.crashes(),
          job.generation(),
          job.queue(),
          job.group(),
          job.priority(),
          job.runAt(),
          expiresAt,
          Entry.digest(job.payload()),
          now);
    }
  }

  /** An ack is sent; {@code at} for Retry and Released, {@code retention} for Completed. */
  record AckSent(
      CallId call,
      LeaseRef lease,
      Ack.Kind kind,
      @Nullable Instant at,
      @Nullable Duration retention,
      Instant now)
      implements Entry {
    /** What a history keeps of {@code ack}. */
    public static AckSent of(CallId call, Ack ack, Instant now) {
      Instant at = null;
      if (ack instanceof Ack.Retry retry) {
        at = retry.at();
      } else if (ack instanceof Ack.Released released) {
        at = released.at();
      }
      Duration retention = ack instanceof Ack.Completed completed ? completed.retention() : null;
      return new AckSent(call, LeaseRef.of(ack.lease()), ack.kind(), at, retention, now);
    }
  }

  /** The receipt of one ack. */
  record AckAnswered(CallId call, LeaseRef lease, AckReceipt.Status status) implements Entry {}

  /** An extension is sent. */
  record ExtendSent(
      LeaseRef lease, boolean started, boolean abandoned, Instant expiresAt, Instant now)
      implements Entry {
    /** What a history keeps of {@code use}. */
    public static ExtendSent of(LeaseUse use, Instant expiresAt, Instant now) {
      LeaseRef lease = LeaseRef.of(use.lease());
      return new ExtendSent(lease, use.started(), use.abandoned(), expiresAt, now);
    }
  }

  /** The receipt of one extension that asked for {@code expiresAt}; abandoned ones have none. */
  record ExtendAnswered(LeaseRef lease, ExtendReceipt.Status status, Instant expiresAt)
      implements Entry {}

  /** A handler is about to run. */
  record HandlerStarted(LeaseRef lease) implements Entry {}

  /** A handler has returned or thrown. */
  record HandlerEnded(LeaseRef lease) implements Entry {}

  /** A maintain is sent; {@code call} is made up by the caller. */
  record MaintainSent(CallId call, Instant now) implements Entry {}

  /** A maintain says that it took an expired lease back. */
  record Reclaimed(CallId call, JobId job, Instant now) implements Entry {}

  /** A maintain or exchange says that it ended a job. */
  record Ended(CallId call, JobId job, JobState state, String reason, Instant now)
      implements Entry {}

  /** A maintain says that a blocked job waits for its turn now. */
  record Unblocked(CallId call, JobId job, Instant now) implements Entry {}

  /** A maintain says that a finished job is gone. */
  record Purged(CallId call, JobId job, Instant now) implements Entry {}

  /** What an operator may do to one job. */
  enum Change {
    /** Cancels it. */
    CANCEL,
    /** Deletes it. */
    DELETE,
    /** Gives it another due instant. */
    RESCHEDULE,
    /** Gives it another priority. */
    REPRIORITISE,
    /** Starts a new generation of it. */
    REPLAY
  }

  /** An operator's change is sent; {@code dueAt} for RESCHEDULE. */
  record ChangeSent(JobId job, Change change, @Nullable Instant dueAt, Instant now)
      implements Entry {}

  /** The receipt of an operator's change. */
  record ChangeAnswered(JobId job, Change change, ChangeStatus status) implements Entry {}

  /** A purge, discard or clear is sent: jobs of the queue may vanish; null: of every queue. */
  record SweepSent(@Nullable String queue, Instant now) implements Entry {}

  /** A pause returned. */
  record Paused(String queue) implements Entry {}

  /** A resume is about to be sent. */
  record Resuming(String queue) implements Entry {}

  /** A scheduler is about to enqueue the job of a tick. */
  record TickSent(String schedule, Instant tick, JobId job) implements Entry {}

  /** A scheduler knows that the job of a tick is enqueued by it. */
  record TickEnqueued(String schedule, Instant tick, JobId job) implements Entry {}

  /** A state change as the storage's own event stream has it; null: not there. */
  record Moved(JobId job, @Nullable JobState from, @Nullable JobState to, Instant at)
      implements Entry {}

  /** A process started. */
  record ProcessStarted(String name) implements Entry {}

  /**
   * A process is about to be killed; said before the signal, so that nothing it allows is older.
   */
  record ProcessKilled(String name) implements Entry {}

  /** A fault begins; only storages of at least level {@code survivedBy} lose nothing by it. */
  record FaultBegan(String name, Durability survivedBy) implements Entry {}

  /** A fault is over. */
  record FaultEnded(String name) implements Entry {}
}
