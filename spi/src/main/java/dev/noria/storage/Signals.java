package dev.noria.storage;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hints that something happened, also in other processes: they may be lost, late or double, and
 * nothing but speed depends on them. Thread-safe.
 */
public interface Signals extends Capability {

  /**
   * C5.1. Calls {@code listener} for each signal until the registration is closed. It is called on
   * a thread of the storage, returns at once, and does not throw.
   */
  Registration listen(Listener listener);

  /** C5.2. Asks for {@code JobFinished} of these jobs until the registration is closed. */
  Registration await(Set<JobId> ids);

  /** Something to close; closing twice does nothing. */
  interface Registration extends AutoCloseable {

    /**
     * Whether signals come in at the moment; false while the connection that brings them is broken,
     * and true where that is not known. Cheap: it asks nobody.
     */
    default boolean hears() {
      return true;
    }

    @Override
    void close();
  }

  /** Hears signals. */
  interface Listener {

    /**
     * A queue has work. Sent only when somebody sleeps on it ({@link DequeueRequest#park}).
     *
     * @param queue the queue
     * @param due from when; null: at once
     */
    void workReady(String queue, @Nullable Instant due);

    /**
     * A job that is awaited ended.
     *
     * @param id the job
     * @param state its final state
     */
    void jobFinished(JobId id, JobState state);

    /**
     * Somebody wants a running job to stop.
     *
     * @param id the job
     */
    void cancelRequested(JobId id);
  }
}
