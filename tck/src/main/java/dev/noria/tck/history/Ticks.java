package dev.noria.tck.history;

import dev.noria.job.JobId;
import dev.noria.tck.history.Verdict.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Schedules (I10). */
final class Ticks {
  private Ticks() {}

  /** I10. */
  static void oneJobEach(Index index, Report report) {
    index.world.ticks.forEach(
        (schedule, ticks) ->
            ticks.forEach((tick, jobs) -> checkOne(schedule, tick, jobs, index, report)));
    index
        .promise
        .ticks()
        .forEach(
            (schedule, expected) ->
                expected.forEach(tick -> checkThere(schedule, tick, index, report)));
  }

  private static void checkOne(
      String schedule, Instant tick, List<JobId> jobs, Index index, Report report) {
    report.fact();
    List<JobId> there = jobs.stream().filter(job -> exists(job, index)).toList();
    if (there.size() > 1) {
      report.found(
          Kind.DUP_ENQUEUE,
          there.get(1),
          "is job " + there.size() + " of tick " + tick + " of '" + schedule + "'");
    }
  }

  private static void checkThere(String schedule, Instant tick, Index index, Report report) {
    report.fact();
    List<JobId> jobs =
        index.world.ticks.getOrDefault(schedule, Map.of()).getOrDefault(tick, List.of());
    if (jobs.stream().noneMatch(job -> exists(job, index))) {
      report.found(
          index.mayUndo() ? Kind.LOSS_ALLOWED : Kind.LOST,
          null,
          "tick " + tick + " of '" + schedule + "' has no job");
    }
  }

  private static boolean exists(JobId id, Index index) {
    return index.world.ticked.containsKey(id)
        || (index.knows(id)
            && (index.job(id).isSeen() || index.job(id).acknowledged().isPresent()));
  }
}
