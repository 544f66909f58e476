package dev.noria.storage.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connections of one storage: one for all commands, whatever the concurrency, one more once
 * somebody listens, and one where calls wait for replicas. A command is never sent twice: whoever
 * waits for it hears that its outcome is unknown, and decides.
 */
final class Link implements AutoCloseable {
  private static final int THREADS = 2;
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  /** The driver looks where slots are after every sign of a change. */
  private static final ClusterTopologyRefreshOptions REFRESH =
      ClusterTopologyRefreshOptions.builder()
          .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
          .refreshTriggersReconnectAttempts(1)
          .build();

  /** A connection that only listens ends half a minute after its server's host. */
  private static final SocketOptions.KeepAliveOptions KEEP_ALIVE =
      SocketOptions.KeepAliveOptions.builder()
          .enable()
          .idle(Duration.ofSeconds(15))
          .interval(Duration.ofSeconds(5))
          .count(3)
          .build();

  private final RedisOptions options;
  private final ClientResources resources =
      DefaultClientResources.builder()
          .ioThreadPoolSize(THREADS)
          .computationThreadPoolSize(THREADS)
          .build();
  private final Client client;
  private final Connection calls;
  private final Connection confirmations;

  /** What differs between one server and a cluster. */
  private interface Client {
    CompletableFuture<Wire> connect();

    StatefulRedisPubSubConnection<byte[], byte[]> listen();

    /** Looks where the server of the namespace is. */
    void look();

    void stop();
  }

  /**
   * Connects.
   *
   * @param key one of the namespace: in a cluster it has all of them in one place
   */
  Link(RedisOptions options, byte[] key) {
    this.options = options;
    boolean isCluster = options.address().topology() == RedisOptions.Topology.CLUSTER;
    try {
      client = isCluster ? cluster(SlotHash.getSlot(key)) : oneServer();
    } catch (RuntimeException e) {
      stopResources();
      throw e;
    }
    calls = new Connection(client::connect, options.timeout());
    confirmations = new Connection(client::connect, options.timeout());
    try {
      Wire ignored = calls.wire();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The connection that calls go through now. */
  Wire wire() {
    return calls.wire();
  }

  /** Commands for the server that has the namespace. */
  RedisClusterAsyncCommands<byte[], byte[]> commands() {
    return calls.wire().commands().get().toCompletableFuture().join();
  }

  /** A call got no answer in time. */
  void silent(Wire wire) {
    client.look();
    calls.doubt(wire);
  }

  /** A call failed. */
  void failed(Wire wire, Throwable cause) {
    if (Errors.isReadOnly(cause)) {
      calls.renew(wire);
    }
    client.look();
  }

  /**
   * Waits until everything that the server has written so far is where it has to be.
   *
   * @return on how many replicas it is, or minus one when it is not even on the own disk
   */
  Future<Long> confirm(Duration most) {
    return confirmations
        .wire()
        .commands()
        .get()
        .thenCompose(server -> Confirmation.ask(server, options, most))
        .toCompletableFuture();
  }

  /** A connection that hears messages of a channel; it ends with the link. */
  StatefulRedisPubSubConnection<byte[], byte[]> listen(
      byte[] channel, RedisPubSubListener<byte[], byte[]> listener) {
    StatefulRedisPubSubConnection<byte[], byte[]> connection = client.listen();
    try {
      connection.addListener(listener);
      connection.sync().subscribe(channel);
      return connection;
    } catch (RuntimeException e) {
      var unused = connection.closeAsync();
      throw e;
    }
  }

  private Client oneServer() {
    RedisURI uri = uri();
    RedisClient own = RedisClient.create(resources, uri);
    own.setOptions(common(ClientOptions.builder()).build());
    return new Client() {
      @Override
      public CompletableFuture<Wire> connect() {
        return own.connectAsync(ByteArrayCodec.INSTANCE, uri)
            .toCompletableFuture()
            .thenApply(
                connection ->
                    new Wire(
                        connection, () -> CompletableFuture.completedStage(connection.async())));
      }

      @Override
      public StatefulRedisPubSubConnection<byte[], byte[]> listen() {
        return own.connectPubSub(ByteArrayCodec.INSTANCE);
      }

      /** With each attempt to connect the driver asks the sentinels, or resolves the name. */
      @Override
      public void look() {}

      @Override
      public void stop() {
        own.shutdown(0, 2, TimeUnit.SECONDS);
      }
    };
  }

  /**
   * Calls go to the node that has the slot, and follow it when the driver has looked anew. The
   * driver's own routing is of no use here: it rejects the first command to each node.
   */
  private Client cluster(int slot) {
    List<RedisURI> seeds = options.address().nodes().stream().map(this::uri).toList();
    RedisClusterClient own = RedisClusterClient.create(resources, seeds);
    ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
    common(builder);
    own.setOptions(builder.topologyRefreshOptions(REFRESH).build());
    own.refreshPartitions();
    AtomicLong looked = new AtomicLong(System.nanoTime());
    return new Client() {
      @Override
      public CompletableFuture<Wire> connect() {
        return own.connectAsync(ByteArrayCodec.INSTANCE)
            .thenApply(connection -> new Wire(connection, () -> owner(connection, slot)));
      }

      @Override
      public StatefulRedisPubSubConnection<byte[], byte[]> listen() {
        return own.connectPubSub(ByteArrayCodec.INSTANCE);
      }

      @Override
      public void look() {
        long before = looked.get();
        long now = System.nanoTime();
        if (now - before > LOOK_AGAIN_NANOS && looked.compareAndSet(before, now)) {
          var unused = own.refreshPartitionsAsync();
        }
      }

      @Override
      public void stop() {
        own.shutdown(0, 2, TimeUnit.SECONDS);
      }
    };
  }

  private static CompletionStage<RedisClusterAsyncCommands<byte[], byte[]>> owner(
      StatefulRedisClusterConnection<byte[], byte[]> connection, int slot) {
    RedisClusterNode node = connection.getPartitions().getMasterBySlot(slot);
    if (node == null) {
      throw new RedisConnectionException("No node of the cluster has the slot " + slot);
    }
    return connection
        .getConnectionAsync(node.getNodeId())
        .thenApply(StatefulRedisConnection::async);
  }

  private ClientOptions.Builder common(ClientOptions.Builder builder) {
    return builder
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .replayFilter(command -> true)
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(options.timeout())
                .keepAlive(KEEP_ALIVE)
                .build());
  }

  private RedisURI uri() {
    RedisOptions.Address address = options.address();
    if (address.topology() != RedisOptions.Topology.SENTINEL) {
      return uri(address.nodes().get(0));
    }
    RedisURI.Builder builder = RedisURI.builder();
    for (RedisOptions.Node node : address.nodes()) {
      builder.withSentinel(node.host(), node.port());
    }
    return finish(builder.withSentinelMasterId(address.master()));
  }

  private RedisURI uri(RedisOptions.Node node) {
    return finish(RedisURI.builder().withHost(node.host()).withPort(node.port()));
  }

  private RedisURI finish(RedisURI.Builder builder) {
    RedisOptions.Address address = options.address();
    builder
        .withDatabase(address.database())
        .withTimeout(options.timeout())
        .withClientName("noria")
        .withSsl(address.tls() != RedisOptions.Tls.OFF)
        .withVerifyPeer(address.tls() == RedisOptions.Tls.ON);
    String password = options.password();
    String user = options.user();
    if (password != null && user != null) {
      builder.withAuthentication(user, password);
    } else if (password != null) {
      builder.withPassword(password.toCharArray());
    }
    return builder.build();
  }

  private void stopResources() {
    var unused = resources.shutdown(0, 2, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    client.stop();
    stopResources();
  }
}
