package dev.noria.storage.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one storage: one for all commands, whatever the concurrency, and one more once
 * somebody listens. A command is never sent twice: whoever waits for it hears that its outcome is
 * unknown, and decides.
 */
final class Link implements AutoCloseable {
  private static final int THREADS = 2;

  private final RedisOptions options;
  private final ClientResources resources =
      DefaultClientResources.builder()
          .ioThreadPoolSize(THREADS)
          .computationThreadPoolSize(THREADS)
          .build();
  private final Client client;
  private final RedisClusterAsyncCommands<byte[], byte[]> commands;

  /** What differs between one server and a cluster. */
  private interface Client {
    RedisClusterAsyncCommands<byte[], byte[]> connect();

    StatefulRedisPubSubConnection<byte[], byte[]> listen();

    void stop();
  }

  Link(RedisOptions options) {
    this.options = options;
    try {
      client =
          options.address().topology() == RedisOptions.Topology.CLUSTER ? cluster() : oneServer();
    } catch (RuntimeException e) {
      stopResources();
      throw e;
    }
    try {
      commands = client.connect();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  RedisClusterAsyncCommands<byte[], byte[]> commands() {
    return commands;
  }

  /** A connection that hears messages of a channel; it is the caller's to close. */
  StatefulRedisPubSubConnection<byte[], byte[]> listen(
      byte[] channel, RedisPubSubListener<byte[], byte[]> listener) {
    StatefulRedisPubSubConnection<byte[], byte[]> connection = client.listen();
    connection.addListener(listener);
    connection.sync().subscribe(channel);
    return connection;
  }

  private Client oneServer() {
    RedisClient own = RedisClient.create(resources, uri());
    own.setOptions(common(ClientOptions.builder()).build());
    return new Client() {
      @Override
      public RedisClusterAsyncCommands<byte[], byte[]> connect() {
        return own.connect(ByteArrayCodec.INSTANCE).async();
      }

      @Override
      public StatefulRedisPubSubConnection<byte[], byte[]> listen() {
        return own.connectPubSub(ByteArrayCodec.INSTANCE);
      }

      @Override
      public void stop() {
        own.shutdown(0, 2, TimeUnit.SECONDS);
      }
    };
  }

  private Client cluster() {
    List<RedisURI> seeds = options.address().nodes().stream().map(this::uri).toList();
    RedisClusterClient own = RedisClusterClient.create(resources, seeds);
    // The driver looks at the topology anew after every sign of a change.
    ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
    common(builder);
    own.setOptions(builder.build());
    return new Client() {
      @Override
      public RedisClusterAsyncCommands<byte[], byte[]> connect() {
        return own.connect(ByteArrayCodec.INSTANCE).async();
      }

      @Override
      public StatefulRedisPubSubConnection<byte[], byte[]> listen() {
        return own.connectPubSub(ByteArrayCodec.INSTANCE);
      }

      @Override
      public void stop() {
        own.shutdown(0, 2, TimeUnit.SECONDS);
      }
    };
  }

  private ClientOptions.Builder common(ClientOptions.Builder builder) {
    return builder
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .replayFilter(command -> true)
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(
            SocketOptions.builder().connectTimeout(options.timeout()).keepAlive(true).build());
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
