package dev.noria.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** A hash, a list and a sorted set on a server, through scripts of a few lines. */
final class RawRedis implements RawDriver {
  private static final int CHUNK = 1_000;
  private static final int LEASED = 100;
  private static final byte[][] KEYS =
      IntStream.range(0, 3)
          .mapToObj(i -> ("{noria-bench-raw}:" + i).getBytes(UTF_8))
          .toArray(byte[][]::new);

  private final RedisURI uri;

  /** The server of {@code address}, which names a single one. */
  RawRedis(String address) {
    int query = address.indexOf('?');
    this.uri = RedisURI.create(query < 0 ? address : address.substring(0, query));
  }

  private interface Work {
    double run(Session session) throws InterruptedException;
  }

  @Override
  public double singles(int jobs) throws InterruptedException {
    return inCallsOf(1, jobs);
  }

  @Override
  public double chunks(int jobs) throws InterruptedException {
    return inCallsOf(CHUNK, jobs);
  }

  private double inCallsOf(int size, int jobs) throws InterruptedException {
    return with(
        session -> {
          long start = System.nanoTime();
          session.insert(size, jobs);
          return jobs / ((System.nanoTime() - start) / 1e9);
        });
  }

  @Override
  public double drain(int jobs) throws InterruptedException {
    return with(
        session -> {
          session.insert(CHUNK, jobs);
          long start = System.nanoTime();
          int done = 0;
          for (byte[][] some = session.lease(LEASED);
              some.length > 0;
              some = session.lease(LEASED)) {
            session.ack(some);
            done += some.length;
          }
          if (done != jobs) {
            throw new IllegalStateException("The bare server lost jobs.");
          }
          return jobs / ((System.nanoTime() - start) / 1e9);
        });
  }

  @Override
  public Double wakeMillis(int jobs) throws InterruptedException {
    Latencies times = new Latencies(jobs);
    double ignored =
        with(
            session -> {
              for (int i = 0; i < jobs; i++) {
                Waking.pause();
                long start = System.nanoTime();
                session.insert(1, 1);
                byte[][] one = session.lease(1);
                times.add(System.nanoTime() - start);
                session.ack(one);
              }
              return 0;
            });
    return times.millis(0.5);
  }

  private double with(Work work) throws InterruptedException {
    RedisClient client = RedisClient.create(uri);
    try (StatefulRedisConnection<byte[], byte[]> connection =
        client.connect(ByteArrayCodec.INSTANCE)) {
      RedisCommands<byte[], byte[]> commands = connection.sync();
      commands.unlink(KEYS);
      try {
        return work.run(new Session(commands));
      } finally {
        commands.unlink(KEYS);
      }
    } finally {
      client.shutdown();
    }
  }

  /** The scripts on one connection. */
  private static final class Session {
    private final RedisCommands<byte[], byte[]> commands;
    private final String insert;
    private final String lease;
    private final String ack;
    private int last;

    Session(RedisCommands<byte[], byte[]> commands) {
      this.commands = commands;
      this.insert = commands.scriptLoad(lua("insert"));
      this.lease = commands.scriptLoad(lua("lease"));
      this.ack = commands.scriptLoad(lua("ack"));
    }

    void insert(int size, int jobs) {
      for (int from = 0; from < jobs; from += size) {
        List<byte[]> values = new ArrayList<>();
        for (int i = from; i < Math.min(jobs, from + size); i++) {
          values.add(Integer.toString(last++).getBytes(UTF_8));
          values.add(new byte[PAYLOAD]);
        }
        call(insert, ScriptOutputType.INTEGER, values.toArray(byte[][]::new));
      }
    }

    byte[][] lease(int most) {
      byte[][] values = {Integer.toString(most).getBytes(UTF_8), "1".getBytes(UTF_8)};
      List<?> found = (List<?>) call(lease, ScriptOutputType.MULTI, values);
      return found.isEmpty()
          ? new byte[0][]
          : ((Collection<?>) found.get(0)).toArray(byte[][]::new);
    }

    void ack(byte[][] numbers) {
      call(ack, ScriptOutputType.INTEGER, numbers);
    }

    private Object call(String sha, ScriptOutputType type, byte[][] values) {
      return Objects.requireNonNull(commands.<Object>evalsha(sha, type, KEYS, values), "reply");
    }
  }

  private static String lua(String name) {
    String resource = "raw-redis/" + name + ".lua";
    try (InputStream in = RawRedis.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("The resource " + resource + " is missing.");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("The resource " + resource + " cannot be read.", e);
    }
  }
}
