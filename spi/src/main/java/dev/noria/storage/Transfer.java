package dev.noria.storage;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.Page;
import dev.noria.job.StoredJob;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moving everything that is stored: for migration, backup and import. Thread-safe. */
public interface Transfer extends Capability {

  /**
   * C9.1. All jobs with all parts, in the order of their ids.
   *
   * @param cursor null for the first page, else what the last page said
   * @param limit most jobs, 1 to 1000
   */
  Page<StoredJob> export(@Nullable String cursor, int limit);

  /**
   * C9.2. Stores jobs as they were exported: state, history, result, notes, attempt, generation. A
   * RUNNING one becomes READY, its attempt given back. Keys are taken where free; an id that exists
   * answers DUPLICATE. Dependencies that do not exist yet count as unfinished: a BLOCKED job stays
   * so until {@link JobStorage#maintain} finds them ended or missing.
   */
  List<EnqueueReceipt> restore(List<StoredJob> jobs, Instant now);
}
