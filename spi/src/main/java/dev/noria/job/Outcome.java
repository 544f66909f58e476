package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt ended, on its way out through the process chain. What stands at the end becomes
 * an ack. Immutable.
 */
public sealed interface Outcome {

  /** The kinds, so that a switch can be exhaustive. */
  enum Kind {
    /** See {@link Outcome.Completed}. */
    COMPLETED,
    /** See {@link Outcome.Failed}. */
    FAILED,
    /** See {@link Outcome.Retry}. */
    RETRY,
    /** See {@link Outcome.Dead}. */
    DEAD,
    /** See {@link Outcome.Released}. */
    RELEASED,
    /** See {@link Outcome.Cancelled}. */
    CANCELLED,
    /** See {@link Outcome.Acked}. */
    ACKED,
    /** See {@link Outcome.Lost}. */
    LOST
  }

  /** Which kind this is. */
  Kind kind();

  /**
   * The handler succeeded.
   *
   * @param result its encoded result; null for none
   */
  record Completed(@Nullable Bytes result) implements Outcome {
    /** Success without a result. */
    public static final Completed VOID = new Completed(null);

    @Override
    public Kind kind() {
      return Kind.COMPLETED;
    }
  }

  /**
   * Something threw. A recovering middleware turns it into Retry or Dead; left alone it is dead.
   *
   * @param error what was thrown
   */
  record Failed(Throwable error) implements Outcome {
    /** Needs the error. */
    public Failed {
      requireNonNull(error, "error");
    }

    @Override
    public Kind kind() {
      return Kind.FAILED;
    }
  }

  /**
   * Failed; to be tried again.
   *
   * @param at when
   * @param error why it failed
   */
  record Retry(Instant at, ErrorInfo error) implements Outcome {
    /** Needs both. */
    public Retry {
      at = Moments.roundUp(at);
      requireNonNull(error, "error");
    }

    @Override
    public Kind kind() {
      return Kind.RETRY;
    }
  }

  /**
   * Failed for good.
   *
   * @param error why
   */
  record Dead(ErrorInfo error) implements Outcome {
    /** Needs the error. */
    public Dead {
      requireNonNull(error, "error");
    }

    @Override
    public Kind kind() {
      return Kind.DEAD;
    }
  }

  /**
   * Given back: the attempt does not count.
   *
   * @param at when it is due again; null keeps due instant and place
   * @param reason visible on the job, such as "snoozed"; null for none
   */
  record Released(@Nullable Instant at, @Nullable String reason) implements Outcome {
    /** Rounds {@code at} up to a millisecond. */
    public Released {
      at = at == null ? null : Moments.roundUp(at);
    }

    @Override
    public Kind kind() {
      return Kind.RELEASED;
    }
  }

  /**
   * Stopped because somebody cancelled the job.
   *
   * @param reason in words
   */
  record Cancelled(String reason) implements Outcome {
    /** Needs the reason. */
    public Cancelled {
      requireNonNull(reason, "reason");
    }

    @Override
    public Kind kind() {
      return Kind.CANCELLED;
    }
  }

  /** Acked already, inside the handler's own transaction. */
  record Acked() implements Outcome {
    @Override
    public Kind kind() {
      return Kind.ACKED;
    }
  }

  /** The lease was lost: somebody else has the job, nothing is acked. */
  record Lost() implements Outcome {
    @Override
    public Kind kind() {
      return Kind.LOST;
    }
  }
}
