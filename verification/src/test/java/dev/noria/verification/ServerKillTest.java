package dev.noria.verification;

import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL server that is killed with SIGKILL and started again, under load. */
class ServerKillTest {
  @TempDir private Path folder;

  @Tag("slow")
  @Test
  void twoKills_loseNothing() throws Exception {
    run(2);
  }

  @Tag("chaos")
  @Test
  void twentyKills_loseNothing() throws Exception {
    run(20);
  }

  private void run(int kills) throws Exception {
    long seed = Long.getLong("noria.test.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    try (PostgresServer server = PostgresServer.start(folder);
        Load load = new Load(server.address("kills"))) {
      for (int i = 0; i < kills; i++) {
        load.awaitWork(random.nextInt(20, 400));
        server.kill();
        Wait.last(Duration.ofMillis(random.nextInt(2_000)));
        server.restart();
        load.assertResumes();
      }
      Verdict verdict = load.finish().label("kills", kills).label("seed", seed);
      System.out.println("killed servers: " + verdict.line());
    }
  }
}
