package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class KillLoopTest {
  private static final long SEED = Long.getLong("noria.test.seed", System.nanoTime());

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void threeRounds_loseNothing() throws Exception {
    loop(3);
  }

  @Tag("chaos")
  @Test
  void manyRounds_loseNothing() throws Exception {
    loop(Integer.getInteger("noria.test.rounds", 100));
  }

  private void loop(int rounds) throws Exception {
    System.out.println("kill loop: rounds=" + rounds + " seed=" + SEED);
    Verdict verdict = new KillLoop(folder, SEED).run(rounds);
    System.out.println("kill loop: " + verdict.line());
    assertThat(verdict.valid()).as(verdict.explain()).isTrue();
    assertThat(verdict.jobs()).isGreaterThan(rounds * 5L);
    assertThat(verdict.checked("I1").facts()).isPositive();
    assertThat(verdict.checked("I5").facts()).isPositive();
    assertThat(verdict.checked("I14").facts()).isPositive();
    assertThat(verdict.checked("I13").facts()).isPositive();
  }
}
