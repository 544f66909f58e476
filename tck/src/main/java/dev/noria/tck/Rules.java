package dev.noria.tck;

import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.Administration;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.util.List;

/** A section of the suite. Each test has a rig of its own over a fresh place. */
abstract class Rules {
  static final Duration SECOND = Duration.ofSeconds(1);
  static final Duration HOUR = Duration.ofHours(1);

  /** The rig of the running test. */
  abstract Rig rig();

  /** For tests that need an operator; skips them where there is none. */
  final Administration admin() {
    rig().needs(Administration.class);
    return rig().capability(Administration.class);
  }

  static List<JobId> idsOf(List<NewJob> jobs) {
    return jobs.stream().map(NewJob::id).toList();
  }

  static List<JobId> leasedIds(List<LeasedJob> jobs) {
    return jobs.stream().map(LeasedJob::id).toList();
  }
}
