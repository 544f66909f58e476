package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KillLoopTest {
  private static final long SEED = Long.getLong("noria.test.seed", System.nanoTime());
  private static final int ROUNDS = Integer.getInteger("noria.test.rounds", 100);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  static List<Ground> grounds() {
    return Ground.chosen();
  }

  static List<Ground> quickGrounds() {
    return Ground.quick();
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("quickGrounds")
  void twoRounds_loseNothing(Ground ground) throws Exception {
    loop(ground, 2, 2);
  }

  @Tag("chaos")
  @ParameterizedTest
  @MethodSource("grounds")
  void manyRoundsOfTwoWorkers_loseNothing(Ground ground) throws Exception {
    loop(ground, 2, ROUNDS);
  }

  @Tag("chaos")
  @ParameterizedTest
  @MethodSource("grounds")
  void manyRoundsOfFourWorkers_loseNothing(Ground ground) throws Exception {
    loop(ground, 4, ROUNDS);
  }

  private void loop(Ground ground, int workers, int rounds) throws Exception {
    System.out.println("kill loop on " + ground + ": rounds=" + rounds + " seed=" + SEED);
    Verdict verdict = new KillLoop(ground.address(folder), folder, workers, SEED).run(rounds);
    System.out.println("kill loop on " + ground + ": " + verdict.line());
    assertThat(verdict.valid()).as(verdict.explain()).isTrue();
    assertThat(verdict.jobs()).isGreaterThan(rounds * 5L);
    // Whether two jobs meet at a key in two rounds is up to the machine.
    List<String> rules = List.of("I1", "I5", "I13", "I14", "I9");
    assertThat(rules.subList(0, rounds < 10 ? 4 : 5))
        .allSatisfy(rule -> assertThat(verdict.checked(rule).facts()).as(rule).isPositive());
  }
}
