package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.Part;
import dev.noria.job.Reasons;
import dev.noria.job.StoredJob;
import dev.noria.tck.process.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoisonTest {
  private static final int NEIGHBOURS = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir private Path folder;
  private String address;

  static List<Ground> grounds() {
    return Ground.chosen();
  }

  @ParameterizedTest
  @MethodSource("grounds")
  void aJobThatKillsItsProcess_isPoisonAfterThreeCrashesAndItsNeighboursComplete(Ground ground)
      throws Exception {
    address = ground.address(folder);
    try (JobQueue queue = JobQueue.builder().discovery(Discovery.none()).storage(address).build()) {
      JobOption kept = JobOption.retention(Duration.ofHours(1));
      List<JobId> neighbours = new ArrayList<>();
      JobId bomb = null;
      for (int i = 0; i < NEIGHBOURS; i++) {
        neighbours.add(queue.enqueue(Work.TYPE, new Work(i), kept).id());
        if (i == NEIGHBOURS / 2) {
          bomb = queue.enqueue(Child.BOMB, new Work(i), kept).id();
        }
      }

      int deaths = 0;
      while (state(queue, bomb) != JobState.DEAD) {
        deaths += runUntilDeadOr(queue, bomb);
      }

      assertThat(deaths).isEqualTo(3);
      assertThat(queue.find(bomb).orElseThrow().status().reason()).isEqualTo(Reasons.POISON);
      try (ChildJvm worker = start()) {
        Wait.until(PATIENCE, "neighbours complete", () -> completed(queue, neighbours));
        assertThat(worker.isAlive()).isTrue();
      }
      assertThat(queue.find(bomb).orElseThrow().status().crashes()).isEqualTo(3);
    }
  }

  private ChildJvm start() throws InterruptedException {
    return ChildJvm.start(Child.class, Child.arguments("bombs", address), line -> {});
  }

  /** Runs a worker until the bomb has killed it, or is dead itself; answers how many died. */
  private int runUntilDeadOr(JobQueue queue, JobId bomb) throws InterruptedException {
    try (ChildJvm worker = start()) {
      Wait.until(
          PATIENCE,
          "the bomb goes off or is dead",
          () -> !worker.isAlive() || state(queue, bomb) == JobState.DEAD);
      if (worker.isAlive()) {
        return 0;
      }
      assertThat(worker.await(PATIENCE)).as(worker.errors()).isEqualTo(9);
      return 1;
    }
  }

  private static JobState state(JobQueue queue, JobId id) {
    return queue.find(id, EnumSet.noneOf(Part.class)).orElseThrow().state();
  }

  private static boolean completed(JobQueue queue, List<JobId> jobs) {
    List<StoredJob> stored = queue.findAll(jobs, EnumSet.noneOf(Part.class));
    assertThat(stored).hasSize(jobs.size()).noneMatch(job -> job.state() == JobState.DEAD);
    return stored.stream().allMatch(job -> job.state() == JobState.COMPLETED);
  }
}
