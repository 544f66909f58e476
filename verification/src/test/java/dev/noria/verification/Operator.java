package dev.noria.verification;

import dev.noria.JobQueue;
import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.StoredJob;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Somebody with too much power and no plan. */
final class Operator {
  private static final Set<JobState> FINISHED =
      EnumSet.of(JobState.COMPLETED, JobState.DEAD, JobState.CANCELLED);

  private final JobQueue queue;
  private final SplittableRandom random;

  Operator(JobQueue queue, SplittableRandom random) {
    this.queue = queue;
    this.random = random;
  }

  /** One random change. */
  void change() {
    JobId[] some = some();
    switch (random.nextInt(12)) {
      case 0 -> queue.purge(FINISHED, Duration.ofMillis(random.nextInt(500)));
      case 1 -> queue.delete(some);
      case 2 -> queue.replay(some);
      case 3, 4 -> each(some, id -> queue.reprioritise(id, random.nextInt(-3, 4)));
      case 5, 6 ->
          each(some, id -> queue.reschedule(id, Instant.now().plusMillis(random.nextInt(200))));
      case 7 -> pauseAWhile();
      default -> queue.cancel(some);
    }
  }

  private void pauseAWhile() {
    queue.pause("long");
    queue.resume("long");
  }

  private static void each(JobId[] ids, java.util.function.Consumer<JobId> change) {
    List.of(ids).forEach(change);
  }

  private JobId[] some() {
    JobState[] states = JobState.values();
    JobFilter filter = JobFilter.all().states(states[random.nextInt(states.length)]);
    return queue.list(filter, 1 + random.nextInt(5)).items().stream()
        .map(StoredJob::id)
        .toArray(JobId[]::new);
  }
}
