package dev.noria.verification;

import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Three masters with a replica each; who dies is replaced by its replica. */
final class RedisCluster implements AutoCloseable {
  private static final int MASTERS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<RedisServer> servers = new ArrayList<>();

  private RedisCluster() {}

  /** Starts all six, who miss a node soon: for failovers. */
  static RedisCluster start(Path folder) throws IOException {
    return start(folder, 1_000);
  }

  /** Starts all six; returns when every slot is served and every replica follows. */
  static RedisCluster start(Path folder, int nodeTimeoutMillis) throws IOException {
    RedisCluster cluster = new RedisCluster();
    try {
      for (int i = 0; i < 2 * MASTERS; i++) {
        cluster.servers.add(
            RedisServer.start(
                folder.resolve("node-" + i),
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                Integer.toString(nodeTimeoutMillis),
                "--cluster-replica-validity-factor",
                "0"));
      }
      cluster.meet();
      return cluster;
    } catch (RuntimeException | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  private void meet() {
    int first = servers.get(0).port();
    for (int i = 0; i < servers.size(); i++) {
      int epoch = i + 1;
      RedisServer server = servers.get(i);
      server.ask(redis -> redis.clusterSetConfigEpoch(epoch));
      server.ask(redis -> redis.clusterMeet("127.0.0.1", first));
      if (i < MASTERS) {
        server.ask(redis -> redis.clusterAddSlots(slots(epoch - 1)));
      }
    }
    Wait.until(PATIENCE, "all know each other", () -> servers.stream().allMatch(this::knowsAll));
    for (int i = MASTERS; i < servers.size(); i++) {
      String master = servers.get(i - MASTERS).ask(redis -> redis.clusterMyId());
      servers.get(i).ask(redis -> redis.clusterReplicate(master));
    }
    awaitComplete();
  }

  private static int[] slots(int part) {
    int[] all = new int[SlotHash.SLOT_COUNT];
    Arrays.setAll(all, slot -> slot);
    return Arrays.copyOfRange(all, all.length * part / MASTERS, all.length * (part + 1) / MASTERS);
  }

  private boolean knowsAll(RedisServer server) {
    return nodes(server).size() == servers.size();
  }

  private static List<String> nodes(RedisServer server) {
    return server.ask(redis -> redis.clusterNodes()).lines().toList();
  }

  /** Waits until every node sees everybody, every slot, and three replicas that follow. */
  void awaitComplete() {
    Wait.until(
        PATIENCE,
        "the cluster is complete",
        () -> servers.stream().allMatch(RedisCluster::isComplete));
  }

  private static boolean isComplete(RedisServer server) {
    List<String> nodes = nodes(server);
    boolean healthy = nodes.stream().noneMatch(node -> node.contains("fail"));
    long replicas = nodes.stream().filter(node -> node.contains("slave")).count();
    String replication = server.ask(redis -> redis.info("replication"));
    boolean follows =
        replication.contains("master_link_status:up") || replication.contains("state=online");
    return healthy
        && replicas == MASTERS
        && follows
        && server.ask(redis -> redis.clusterInfo()).contains("cluster_state:ok");
  }

  /** The address of a storage that finds its node by itself. */
  String address(String namespace) {
    String nodes =
        servers.stream()
            .map(server -> "127.0.0.1:" + server.port())
            .collect(Collectors.joining(","));
    return "redis+cluster://" + nodes + "?namespace=" + namespace;
  }

  /** Kills the node that has the namespace, and waits until its replica has taken over. */
  RedisServer killOwner(String namespace) throws IOException, InterruptedException {
    RedisServer owner =
        servers.stream().filter(server -> owns(server, namespace)).findFirst().orElseThrow();
    owner.kill();
    Wait.until(
        PATIENCE,
        "its replica has taken over",
        () -> servers.stream().anyMatch(server -> server != owner && owns(server, namespace)));
    return owner;
  }

  /** Whether the node runs commands for the namespace itself. */
  private static boolean owns(RedisServer server, String namespace) {
    int slot = SlotHash.getSlot("noria:{" + namespace + "}:");
    return nodes(server).stream()
        .filter(node -> node.contains("myself,master"))
        .flatMap(node -> Arrays.stream(node.split(" ", -1)).skip(8))
        .filter(range -> range.matches("\\d+-\\d+"))
        .map(range -> range.split("-", -1))
        .anyMatch(
            range -> Integer.parseInt(range[0]) <= slot && slot <= Integer.parseInt(range[1]));
  }

  @Override
  public void close() throws IOException {
    for (RedisServer server : servers) {
      server.close();
    }
  }
}
