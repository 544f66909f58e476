package dev.noria.storage;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import java.util.List;

/**
 * What an attempt leaves beside the state of its job, guarded by its lease: a write with a lease
 * that is not current changes nothing and answers false. Kept as long as the job. Thread-safe.
 */
public interface Notes extends Capability {

  /** C4.1. Sets the progress. */
  boolean progress(Lease lease, JobNotes.Progress progress);

  /** C4.2. Appends lines; the last {@link JobNotes#LOG_LINES} are kept. */
  boolean log(Lease lease, List<JobNotes.LogLine> lines);

  /**
   * C4.3. Keeps the result of a step under its name, durably before the call returns; a step that
   * is there already keeps its first result.
   */
  boolean step(Lease lease, String name, Bytes result);

  /** C4.4. What the attempts of a job left; {@link JobNotes#NONE} for a job without. */
  JobNotes notes(JobId id);
}
