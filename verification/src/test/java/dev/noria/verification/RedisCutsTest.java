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

/**
 * Connections to Redis that are cut at random and in the middle of a call, under load, by a server
 * that forgets its scripts now and then.
 */
class RedisCutsTest {
  private static final String CALL = "EVALSHA";

  @TempDir private Path folder;

  /**
   * Where a connection is cut. Not in a message: sleepers of the same process are told by the
   * reply, so there is none here.
   */
  private enum Where {
    CALL_REQUEST,
    CALL_REPLY,
    INSIDE_REQUESTS,
    INSIDE_REPLIES;

    Cut cut(SplittableRandom random) {
      return switch (this) {
        case CALL_REQUEST -> new Cut.At(Direction.REQUESTS, CALL);
        case CALL_REPLY -> new Cut.ReplyTo(CALL);
        case INSIDE_REQUESTS -> new Cut.After(Direction.REQUESTS, random.nextInt(20_000));
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
    int flushes = 0;
    try (RedisServer server = RedisServer.start(folder);
        TcpProxy proxy = TcpProxy.to(server.port());
        Load load = new Load(RedisServer.address(proxy.port(), "cuts"))) {
      while (met.values().stream().mapToInt(Integer::intValue).sum() < cuts) {
        load.awaitWork(random.nextInt(5, 40));
        if (random.nextInt(5) == 0) {
          flushes += server.ask(redis -> redis.scriptFlush()).equals("OK") ? 1 : 0;
          load.awaitWork(5);
        }
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
      System.out.println(
          "cut connections to Redis: " + verdict.label("script-flushes", flushes).line());
      assertThat(proxy.cuts()).isGreaterThanOrEqualTo(cuts);
      return met;
    }
  }
}
