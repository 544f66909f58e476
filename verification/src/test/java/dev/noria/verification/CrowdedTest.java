package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.time.Duration;
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
 * Eight workers, two to a process, a producer and an operator: acks, heartbeats, reclaims, cancels
 * and purges meet all the time. No call fails, not even by a deadlock that the database resolves.
 */
class CrowdedTest {
  private static final int PAIRS = 4;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private final List<Arena.Fighter> pairs = new ArrayList<>();
  private final CountDownLatch ready = new CountDownLatch(PAIRS + 2);
  private SplittableRandom random = new SplittableRandom();

  static List<Ground> grounds() {
    return Ground.chosen();
  }

  static List<Ground> quickGrounds() {
    return Ground.quick();
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("quickGrounds")
  void twoRounds_noCallFails(Ground ground) throws Exception {
    run(ground, 2);
  }

  @Tag("chaos")
  @ParameterizedTest
  @MethodSource("grounds")
  void manyRounds_noCallFails(Ground ground) throws Exception {
    run(ground, Integer.getInteger("noria.test.rounds", 100));
  }

  private void run(Ground ground, int rounds) throws Exception {
    long seed = Long.getLong("noria.test.seed", System.nanoTime());
    random = new SplittableRandom(seed);
    Arena arena = new Arena(ground.address(folder), folder, random);
    Verdict verdict;
    try (Arena.Fighter producer = arena.start("producer", "producer", ready);
        Arena.Fighter operator = arena.start("operator", "operator", ready)) {
      for (int i = 0; i < PAIRS; i++) {
        pairs.add(arena.start("pair", "pair-" + i, ready));
      }
      Wait.on(ready, "everybody is ready");
      for (int round = 1; round <= rounds; round++) {
        Wait.last(Duration.ofMillis(random.nextInt(500, 2_000)));
        replaceOne(arena, "pair-again-" + round);
      }
      operator.kill();
      producer.kill();
      for (Arena.Fighter pair : pairs) {
        pair.kill();
      }
    } finally {
      pairs.forEach(Arena.Fighter::close);
    }
    verdict = arena.judge(Arena.SHORT).label("rounds", rounds).label("kills", arena.kills());
    long failed = arena.failedCalls();
    System.out.println(
        "crowd on "
            + ground
            + ": "
            + verdict.label("failed-calls", failed).label("seed", seed).line());
    assertThat(verdict.valid()).as(verdict.explain()).isTrue();
    assertThat(failed).as("calls that failed").isZero();
    assertThat(verdict.jobs()).isGreaterThan(rounds);
  }

  /** So that there are leases to take back. */
  private void replaceOne(Arena arena, String name) throws InterruptedException {
    CountDownLatch there = new CountDownLatch(1);
    try (Arena.Fighter victim = pairs.remove(random.nextInt(pairs.size()))) {
      victim.kill();
    }
    pairs.add(arena.start("pair", name, there));
    Wait.on(there, name + " is ready");
  }
}
