package dev.noria.storage;

import static java.util.Objects.requireNonNull;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a lease ended (S3.1). Immutable. */
public sealed interface Ack {

  /** The kinds, so that a switch can be exhaustive. */
  enum Kind {
    /** See {@link Ack.Completed}. */
    COMPLETED,
    /** See {@link Ack.Retry}. */
    RETRY,
    /** See {@link Ack.Dead}. */
    DEAD,
    /** See {@link Ack.Released}. */
    RELEASED,
    /** See {@link Ack.Cancelled}. */
    CANCELLED
  }

  /** The lease that ends. */
  Lease lease();

  /** Which kind this is. */
  Kind kind();

  /** Jobs that are stored in the same unit; empty for Retry and Released. */
  default List<NewJob> followUps() {
    return List.of();
  }

  /**
   * The attempt succeeded: the job becomes COMPLETED, or vanishes when its retention is zero.
   *
   * @param lease the lease that ends
   * @param result kept for the retention; null for none
   * @param retention instead of the job's own for this result; null: as the job says
   * @param followUps jobs that are stored in the same unit
   */
  record Completed(
      Lease lease, @Nullable Bytes result, @Nullable Duration retention, List<NewJob> followUps)
      implements Ack {
    /** Copies the follow-up jobs; a retention is zero to 100 years. */
    public Completed {
      requireNonNull(lease, "lease");
      if (retention != null) {
        Retention ignored = new Retention(retention, Duration.ZERO);
      }
      followUps = List.copyOf(followUps);
    }

    /** Success without result or follow-up jobs. */
    public Completed(Lease lease) {
      this(lease, null, null, List.of());
    }

    @Override
    public Kind kind() {
      return Kind.COMPLETED;
    }
  }

  /**
   * The attempt failed: the job becomes SCHEDULED, or READY when {@code at} is not after now, and
   * the error is appended to its history.
   *
   * @param lease the lease that ends
   * @param at when to try again, in milliseconds
   * @param error why it failed
   */
  record Retry(Lease lease, Instant at, ErrorInfo error) implements Ack {
    /** Needs all three. */
    public Retry {
      requireNonNull(lease, "lease");
      requireNonNull(at, "at");
      requireNonNull(error, "error");
    }

    @Override
    public Kind kind() {
      return Kind.RETRY;
    }
  }

  /**
   * The job failed for good: it becomes DEAD(FAILED), and the error is appended to its history.
   *
   * @param lease the lease that ends
   * @param error why it failed
   * @param followUps jobs that are stored in the same unit
   */
  record Dead(Lease lease, ErrorInfo error, List<NewJob> followUps) implements Ack {
    /** Copies the follow-up jobs. */
    public Dead {
      requireNonNull(lease, "lease");
      requireNonNull(error, "error");
      followUps = List.copyOf(followUps);
    }

    /** Without follow-up jobs. */
    public Dead(Lease lease, ErrorInfo error) {
      this(lease, error, List.of());
    }

    @Override
    public Kind kind() {
      return Kind.DEAD;
    }
  }

  /**
   * The lease is given back: the attempt does not count (S3.6).
   *
   * @param lease the lease that ends
   * @param at when it is due again, in milliseconds; null keeps due instant and place
   * @param reason visible on the job; null for none
   */
  record Released(Lease lease, @Nullable Instant at, @Nullable String reason) implements Ack {
    /** Needs the lease. */
    public Released {
      requireNonNull(lease, "lease");
    }

    @Override
    public Kind kind() {
      return Kind.RELEASED;
    }
  }

  /**
   * The attempt stopped because the job was cancelled: it becomes CANCELLED.
   *
   * @param lease the lease that ends
   * @param reason in words
   * @param followUps jobs that are stored in the same unit
   */
  record Cancelled(Lease lease, String reason, List<NewJob> followUps) implements Ack {
    /** Copies the follow-up jobs. */
    public Cancelled {
      requireNonNull(lease, "lease");
      requireNonNull(reason, "reason");
      followUps = List.copyOf(followUps);
    }

    /** Without follow-up jobs. */
    public Cancelled(Lease lease, String reason) {
      this(lease, reason, List.of());
    }

    @Override
    public Kind kind() {
      return Kind.CANCELLED;
    }
  }
}
