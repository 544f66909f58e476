package dev.noria.verification;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import io.lettuce.core.sentinel.api.sync.RedisSentinelCommands;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A master with a replica, and three sentinels that make the replica the master when it dies. */
final class RedisSentinels implements AutoCloseable {
  private static final String NAME = "noria";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<RedisServer> servers = new ArrayList<>();
  private final List<RedisProcess> sentinels = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();

  private RedisSentinels() {}

  /** The driver of the tests themselves. */
  private static final class Driver {
    static final RedisClient CLIENT = RedisClient.create();
  }

  /** Starts all five; returns when the sentinels know each other and the replica. */
  static RedisSentinels start(Path folder) throws IOException {
    RedisSentinels all = new RedisSentinels();
    try {
      RedisServer master = RedisServer.start(folder.resolve("first"));
      all.servers.add(master);
      RedisServer replica = RedisServer.start(folder.resolve("second"));
      all.servers.add(replica);
      replica.ask(redis -> redis.replicaof("127.0.0.1", master.port()));
      for (int i = 0; i < 3; i++) {
        all.addSentinel(folder.resolve("sentinel-" + i), master.port());
      }
      all.awaitComplete();
      return all;
    } catch (IOException | RuntimeException | AssertionError e) {
      all.close();
      throw e;
    }
  }

  private void addSentinel(Path folder, int master) throws IOException {
    Path settings = Files.createDirectories(folder).resolve("sentinel.conf");
    String text =
        """
        sentinel monitor %1$s 127.0.0.1 %2$d 2
        sentinel down-after-milliseconds %1$s 1000
        sentinel failover-timeout %1$s 5000
        """;
    Files.writeString(settings, text.formatted(NAME, master));
    int port = RedisProcess.freePort();
    sentinels.add(RedisProcess.start(folder, port, List.of(settings.toString(), "--sentinel")));
    ports.add(port);
  }

  /** Waits until every sentinel sees two others and a replica that follows. */
  void awaitComplete() {
    Wait.until(
        PATIENCE,
        "the sentinels are complete",
        () -> ports.stream().allMatch(RedisSentinels::isComplete));
  }

  private static boolean isComplete(int sentinel) {
    Map<String, String> state = ask(sentinel, redis -> redis.master(NAME));
    return state.get("num-other-sentinels").equals("2")
        && state.get("num-slaves").equals("1")
        && state.get("flags").equals("master")
        && isFollowed(master(sentinel));
  }

  private static boolean isFollowed(int master) {
    return RedisServer.ask(master, redis -> redis.info("replication")).contains("state=online");
  }

  /** Which port is the master's, in the eyes of a sentinel. */
  static int master(int sentinel) {
    return ask(sentinel, redis -> ((InetSocketAddress) redis.getMasterAddrByName(NAME)).getPort());
  }

  private static <T> T ask(
      int port, java.util.function.Function<RedisSentinelCommands<String, String>, T> question) {
    RedisURI uri = RedisURI.create("127.0.0.1", port);
    try (StatefulRedisSentinelConnection<String, String> connection =
        Driver.CLIENT.connectSentinel(uri)) {
      return question.apply(connection.sync());
    }
  }

  /** The address of a storage that finds the master by itself. */
  String address(String namespace) {
    String nodes = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    return "redis-sentinel://" + nodes + "?master=" + NAME + "&namespace=" + namespace;
  }

  /** Kills the master and waits until the sentinels have another. */
  RedisServer killMaster() throws IOException, InterruptedException {
    int before = master(ports.get(0));
    RedisServer dead =
        servers.stream().filter(server -> server.port() == before).findFirst().orElseThrow();
    dead.kill();
    Wait.until(
        PATIENCE,
        "there is another master",
        () -> ports.stream().allMatch(port -> master(port) != before));
    return dead;
  }

  @Override
  public void close() throws IOException {
    try {
      for (RedisProcess sentinel : sentinels) {
        sentinel.close();
      }
    } finally {
      for (RedisServer server : servers) {
        server.close();
      }
    }
  }
}
