package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.tck.history.Verdict;
import dev.noria.tck.network.Cut;
import dev.noria.tck.network.Direction;
import dev.noria.tck.network.TcpProxy;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to PostgreSQL that are cut at random and in the middle of a commit, under load. */
class ConnectionCutsTest {
  /** A client's Sync message: the server commits what came before it, and answers. */
  private static final String SYNC = "S\0\0\0\4";

  /** The server's ReadyForQuery outside a transaction: what came before it is committed. */
  private static final String READY = "Z\0\0\0\5I";

  @TempDir private Path folder;

  /** Where a connection is cut. */
  private enum Where {
    COMMIT_REQUEST,
    COMMIT_REPLY,
    REPLY_TO_A_SYNC,
    BEFORE_READY,
    INSIDE_REQUESTS,
    INSIDE_REPLIES;

    Cut cut(SplittableRandom random) {
      return switch (this) {
        case COMMIT_REQUEST -> new Cut.At(Direction.REQUESTS, "COMMIT");
        case COMMIT_REPLY -> new Cut.At(Direction.REPLIES, "COMMIT");
        case REPLY_TO_A_SYNC -> new Cut.ReplyTo(SYNC);
        case BEFORE_READY -> new Cut.At(Direction.REPLIES, READY);
        case INSIDE_REQUESTS -> new Cut.After(Direction.REQUESTS, random.nextInt(50_000));
        case INSIDE_REPLIES -> new Cut.After(Direction.REPLIES, random.nextInt(20_000));
      };
    }
  }

  @Tag("slow")
  @Test
  void tenCuts_loseNothing() throws Exception {
    run(10);
  }

  @Tag("chaos")
  @Test
  void threeHundredCuts_loseNothing() throws Exception {
    assertThat(run(300)).containsOnlyKeys(Where.values());
  }

  private Map<Where, Integer> run(int cuts) throws Exception {
    long seed = Long.getLong("noria.test.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    Map<Where, Integer> met = new EnumMap<>(Where.class);
    try (PostgresServer server = PostgresServer.start(folder);
        TcpProxy proxy = TcpProxy.to(server.port());
        Load load = new Load(PostgresServer.address(proxy.port(), "cuts"))) {
      while (met.values().stream().mapToInt(Integer::intValue).sum() < cuts) {
        load.awaitWork(random.nextInt(5, 40));
        if (random.nextInt(7) == 0) {
          Breakage.everything(proxy, random);
        } else {
          Where where = Where.values()[random.nextInt(Where.values().length)];
          if (Breakage.one(proxy, where.cut(random))) {
            met.merge(where, 1, Integer::sum);
          }
        }
        load.assertResumes();
      }
      Verdict verdict =
          load.finish().label("all-cuts", proxy.cuts()).label("where", met).label("seed", seed);
      System.out.println("cut connections: " + verdict.line());
      assertThat(proxy.cuts()).isGreaterThanOrEqualTo(cuts);
      return met;
    }
  }
}
