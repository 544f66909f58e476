package dev.noria.kernel;

import dev.noria.job.CallHandler;
import dev.noria.job.JobKind;

/**
 * A type and what runs its jobs.
 *
 * @param kind the type
 * @param handler does the work; its result is only looked at when {@code returns}
 * @param returns whether the type has a result
 */
record Handling(JobKind<?> kind, CallHandler<Object, Object> handler, boolean returns) {}
