package dev.noria.verification;

import dev.noria.tck.history.Verdict;
import dev.noria.tck.process.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A producer and workers on one storage, killed with SIGKILL at random instants, round after round;
 * then a clean worker drains what is left, and the checker judges everything that anybody saw.
 */
final class KillLoop {
  private static final Duration READY = Duration.ofMinutes(5);

  private final int workers;
  private final long seed;
  private final SplittableRandom random;
  private final Arena arena;

  KillLoop(String address, Path folder, int workers, long seed) {
    this.workers = workers;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.arena = new Arena(address, folder, random);
  }

  /** Runs that many rounds, drains, and judges. */
  Verdict run(int rounds) throws InterruptedException {
    long start = System.nanoTime();
    for (int round = 1; round <= rounds; round++) {
      round(round);
    }
    Verdict verdict = arena.judge(Arena.LONG);
    double minutes = (System.nanoTime() - start) / 60e9;
    return verdict
        .label("workers", workers)
        .label("rounds", rounds)
        .label("kills", arena.kills())
        .label("seed", seed)
        .label("minutes", "%.1f".formatted(minutes));
  }

  private void round(int round) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(workers + 1);
    List<Arena.Fighter> alive = new ArrayList<>();
    try {
      for (int i = 1; i <= workers; i++) {
        alive.add(arena.start("worker", "worker-" + round + "-" + i, ready));
      }
      alive.add(arena.start("producer", "producer-" + round, ready));
      if (random.nextInt(3) == 0 && alive.size() < ChildJvm.MOST) {
        killWhileItStarts("early-" + round);
      }
      awaitReady(ready, round, alive);
      while (!alive.isEmpty()) {
        Wait.last(Duration.ofMillis(random.nextInt(20, 400)));
        alive.remove(random.nextInt(alive.size())).kill();
      }
    } finally {
      alive.forEach(Arena.Fighter::close);
    }
  }

  /** Patient, since the machine may have much else to do; what is the matter must be told. */
  private static void awaitReady(CountDownLatch ready, int round, List<Arena.Fighter> alive)
      throws InterruptedException {
    if (!ready.await(READY.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(
          "Not within " + READY + ": all children of round " + round + " are ready. " + alive);
    }
  }

  /** One more worker, killed while it loads its classes, opens the storage, or takes first jobs. */
  private void killWhileItStarts(String name) throws InterruptedException {
    try (Arena.Fighter victim = arena.start("worker", name, new CountDownLatch(1))) {
      Wait.last(Duration.ofMillis(random.nextInt(200, 1_500)));
      victim.kill();
    }
  }
}
