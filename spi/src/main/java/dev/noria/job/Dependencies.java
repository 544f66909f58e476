package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * The jobs that must end before a job becomes due (S1.6). Immutable.
 *
 * @param on whom the job waits for: in the same call, in other queues, or finished already; without
 *     repetitions
 * @param onFailure what happens when one of them ends DEAD or CANCELLED
 * @param onMissing what happens at enqueue when one of them does not exist
 */
public record Dependencies(List<JobId> on, OnFailure onFailure, OnMissing onMissing) {
  /** Waits for nothing. */
  public static final Dependencies NONE =
      new Dependencies(List.of(), OnFailure.CANCEL, OnMissing.REJECT);

  /** What a job does when one it waits for ends DEAD or CANCELLED. */
  public enum OnFailure {
    /** It is cancelled. The default. */
    CANCEL,
    /** It counts the failed one as done. */
    IGNORE,
    /** It stays BLOCKED, until the failed one is replayed and completes. */
    HOLD
  }

  /** What an enqueue does when a job it names does not exist. */
  public enum OnMissing {
    /** The new job is rejected. The default. */
    REJECT,
    /** The missing one counts as done: it may have been purged. */
    COUNT_AS_DONE
  }

  /** Removes repetitions. */
  public Dependencies {
    on = List.copyOf(new LinkedHashSet<>(on));
    requireNonNull(onFailure, "onFailure");
    requireNonNull(onMissing, "onMissing");
  }

  /** Waits for these jobs with the default policies. */
  public static Dependencies on(List<JobId> ids) {
    return new Dependencies(ids, OnFailure.CANCEL, OnMissing.REJECT);
  }

  /** The same with another policy for failures. */
  public Dependencies onFailure(OnFailure policy) {
    return new Dependencies(on, policy, onMissing);
  }

  /** The same with another policy for jobs that do not exist. */
  public Dependencies onMissing(OnMissing policy) {
    return new Dependencies(on, onFailure, policy);
  }

  /** Whether there is nobody to wait for. */
  public boolean isEmpty() {
    return on.isEmpty();
  }
}
