package dev.noria.job;

/**
 * Does the work of a {@link CallType} and returns its result. One instance serves all jobs of its
 * type at once, so it must be thread-safe.
 *
 * @param <P> the payload
 * @param <R> the result
 */
@FunctionalInterface
public interface CallHandler<P, R> {

  /**
   * Runs one attempt, as {@link JobHandler#handle} does.
   *
   * @return the result, encoded by the codec and kept for the retention of the job; not null
   * @throws Exception whatever went wrong; retried or dead, as the plugins say
   */
  R handle(P payload, JobContext job) throws Exception;
}
