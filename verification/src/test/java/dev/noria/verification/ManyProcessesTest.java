package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Processes that enqueue and work at once, and nobody dies: keys are unique, limits exact, jobs in
 * order, and each is processed.
 */
class ManyProcessesTest {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  static List<Ground> grounds() {
    return Ground.chosen();
  }

  static List<Ground> quickGrounds() {
    return Ground.quick();
  }

  @ParameterizedTest
  @MethodSource("grounds")
  void twoAtOnce_shareAllRules(Ground ground) throws Exception {
    together(ground, 2);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("quickGrounds")
  void fourAtOnce_shareAllRules(Ground ground) throws Exception {
    together(ground, 4);
  }

  private void together(Ground ground, int processes) throws Exception {
    long seed = Long.getLong("noria.test.seed", System.nanoTime());
    Arena arena = new Arena(ground.address(folder), folder, new SplittableRandom(seed));
    CountDownLatch produced = new CountDownLatch(processes);
    List<Arena.Fighter> all = new ArrayList<>();
    try {
      for (int i = 1; i <= processes; i++) {
        all.add(
            arena.start(
                "both",
                "process-" + i,
                line -> {
                  if (line.equals("produced")) {
                    produced.countDown();
                  }
                }));
      }
      Wait.on(produced, "all have produced");
      Verdict verdict = arena.judge(Arena.SHORT).label("processes", processes).label("seed", seed);
      System.out.println("many processes on " + ground + ": " + verdict.line());
      assertThat(verdict.valid()).as(verdict.explain()).isTrue();
      assertThat(verdict.jobs()).isGreaterThan(3L * processes * Child.BATCHES);
      assertThat(verdict.labels()).containsEntry("group-limit", "2/2");
      assertThat(List.of("I1", "I5", "I9", "I13"))
          .allSatisfy(rule -> assertThat(verdict.checked(rule).facts()).as(rule).isPositive());
    } finally {
      all.forEach(Arena.Fighter::close);
    }
  }
}
