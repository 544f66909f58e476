package dev.noria.storage;

import dev.noria.job.JobId;
import dev.noria.job.JobState;

/**
 * A job that the storage itself ended, in a dequeue or in maintenance (S2.6, S5). Immutable.
 *
 * @param id the job
 * @param queue its queue
 * @param type its type
 * @param state DEAD or CANCELLED
 * @param reason one of {@link dev.noria.job.Reasons}
 */
public record EndedJob(JobId id, String queue, String type, JobState state, String reason) {}
