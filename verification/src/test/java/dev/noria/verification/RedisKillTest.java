package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.storage.Durability;
import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis server that is killed with SIGKILL and started again, under load. */
class RedisKillTest {
  @TempDir private Path folder;
  private final long seed = Long.getLong("noria.test.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  @Tag("slow")
  @Test
  void twoKills_withFsyncAlways_loseNothing() throws Exception {
    kill(2);
  }

  @Tag("chaos")
  @Test
  void twentyKills_withFsyncAlways_loseNothing() throws Exception {
    kill(20);
  }

  private void kill(int kills) throws Exception {
    try (RedisServer server = RedisServer.start(folder, "--appendfsync", "always");
        Load load = new Load(server.address("kills"))) {
      for (int i = 0; i < kills; i++) {
        load.awaitWork(random.nextInt(20, 400));
        server.kill();
        Wait.last(Duration.ofMillis(random.nextInt(2_000)));
        server.restart();
        load.assertResumes();
      }
      Verdict verdict = load.finish().label("kills", kills).label("seed", seed);
      System.out.println("killed Redis servers, fsync always: " + verdict.line());
    }
  }

  @Tag("slow")
  @Test
  void onePowerCut_withFsyncEverySecond_losesOnlyTheLastSecond() throws Exception {
    cutPower(1);
  }

  @Tag("chaos")
  @Test
  void twentyPowerCuts_withFsyncEverySecond_loseOnlyTheLastSecond() throws Exception {
    cutPower(20);
  }

  private void cutPower(int cuts) throws Exception {
    try (RedisServer server =
            RedisServer.start(
                folder, "--appendfsync", "everysec", "--auto-aof-rewrite-min-size", "1gb");
        AppendOnlyFile file = new AppendOnlyFile(server);
        Load load = new Load(server.address("power"))) {
      Duration window = Duration.ZERO;
      for (int i = 0; i < cuts; i++) {
        Wait.last(Duration.ofMillis(1_200));
        load.awaitWork(random.nextInt(20, 400));
        load.stand.faultBegins("power-" + i, Durability.HOST);
        server.kill();
        Duration lost = file.cutBack(System.nanoTime(), random);
        window = lost.compareTo(window) > 0 ? lost : window;
        server.restart();
        load.stand.faultEnds("power-" + i);
        load.assertResumes();
      }
      Verdict verdict = load.finish(Durability.PROCESS, window);
      System.out.println(
          "cut power of Redis servers, fsync every second: "
              + verdict.label("cuts", cuts).label("seed", seed).line());
      assertThat(verdict.count(Verdict.Kind.LOSS_ALLOWED))
          .as("the cuts reach something")
          .isPositive();
    }
  }
}
