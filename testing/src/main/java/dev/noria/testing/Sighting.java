package dev.noria.testing;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.StoredJob;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job as an assertion sees it.
 *
 * @param stored as it is, or last was, in the storage
 * @param state its state, also when it is gone
 * @param result its encoded result
 * @param error its last error
 */
record Sighting(
    StoredJob stored, JobState state, @Nullable Bytes result, @Nullable ErrorInfo error) {

  JobId id() {
    return stored.id();
  }

  NewJob job() {
    return stored.job();
  }

  Instant dueAt() {
    return stored.status().dueAt();
  }
}
