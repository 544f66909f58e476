package dev.noria.verification;

import dev.noria.job.JobType;

/**
 * What the jobs of these tests are about.
 *
 * @param number told apart by it
 */
record Work(int number) {
  static final JobType<Work> TYPE = JobType.of("work", Work.class);
}
