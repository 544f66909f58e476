package dev.noria.job;

/**
 * Does the work of a {@link JobType}. One instance serves all jobs of its type at once, so it must
 * be thread-safe.
 *
 * @param <P> the payload
 */
@FunctionalInterface
public interface JobHandler<P> {

  /**
   * Runs one attempt. May run again for the same job: delivery is at least once, so make the effect
   * idempotent, for instance by {@link JobContext#id()}.
   *
   * @param payload what was enqueued
   * @param job the job and what can be told about the attempt
   * @throws Exception whatever went wrong; retried or dead, as the plugins say
   */
  void handle(P payload, JobContext job) throws Exception;
}
