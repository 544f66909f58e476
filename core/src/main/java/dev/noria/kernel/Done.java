package dev.noria.kernel;

import dev.noria.job.Outcome;
import dev.noria.storage.Ack;
import dev.noria.storage.LeasedJob;

/**
 * A lease that ended here, on its way to the storage.
 *
 * @param job the job
 * @param ack what to tell the storage
 * @param outcome how the attempt ended, for listeners; a job that never started is RELEASED
 * @param ranNanos how long it ran
 */
record Done(LeasedJob job, Ack ack, Outcome.Kind outcome, long ranNanos) {}
