package dev.noria.storage;

import dev.noria.job.JobFilter;
import dev.noria.job.Page;
import dev.noria.job.QueueCounts;
import dev.noria.job.StoredJob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looking at what is stored. Thread-safe. */
public interface Inspection extends Capability {
  /** Most jobs that one {@link #list} call examines. */
  int EXAMINED = 10_000;

  /**
   * C1.1. The jobs that pass the filter, in the order of their ids, without payload, result,
   * history and notes. Examines at most {@link #EXAMINED} jobs a call: a short page still has a
   * cursor.
   *
   * @param cursor null for the first page, else what the last page said
   * @param limit most jobs to return, 1 to 1000
   */
  Page<StoredJob> list(JobFilter filter, @Nullable String cursor, int limit);

  /** C1.2. Jobs of a queue by recorded state, at most 2 s old, without scanning. */
  QueueCounts counts(String queue);

  /** C1.3. Since when the oldest READY job of a queue has been ready; empty when there is none. */
  Optional<Instant> oldestReady(String queue);

  /** C1.4. The queues that have jobs, a policy or a pause, in bytewise order. */
  List<QueueState> queues();

  /**
   * A queue that exists.
   *
   * @param name its name
   * @param paused whether it is paused
   */
  record QueueState(String name, boolean paused) {}
}
