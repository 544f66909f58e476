package dev.noria.storage.redis;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Whether what a call wrote is on replicas, and on disks, before it is acknowledged. */
final class Confirmation {
  /** Calls whose answer promises that something is kept. */
  private static final Set<String> PROMISES =
      Set.of("enqueue", "exchange", "register", "note", "change", "remove", "queue", "restore");

  private static final long NOT_ON_DISK = -1;

  private static final byte[] WAITAOF = "WAITAOF".getBytes(StandardCharsets.US_ASCII);

  private Confirmation() {}

  static boolean isNeeded(String script, RedisOptions options) {
    return (options.waitReplicas() > 0 || options.waitAof()) && PROMISES.contains(script);
  }

  /**
   * Asks on how many replicas everything is that the server has written so far. A connection waits
   * for what was written before its own last command, so it has to have one.
   */
  static CompletionStage<Long> ask(
      RedisClusterAsyncCommands<byte[], byte[]> server, RedisOptions options, Duration most) {
    var unused = server.ping();
    if (!options.waitAof()) {
      return server.waitForReplication(options.waitReplicas(), most.toMillis());
    }
    CommandArgs<byte[], byte[]> arguments =
        new CommandArgs<>(ByteArrayCodec.INSTANCE)
            .add(1)
            .add(options.waitReplicas())
            .add(most.toMillis());
    return server
        .dispatch(() -> WAITAOF, new ArrayOutput<>(ByteArrayCodec.INSTANCE), arguments)
        .thenApply(Confirmation::replicas);
  }

  private static long replicas(List<Object> reply) {
    long local = (Long) reply.get(0);
    return local < 1 ? NOT_ON_DISK : (Long) reply.get(1);
  }

  static void check(String script, RedisOptions options, long replicas) {
    if (replicas < options.waitReplicas()) {
      throw new StorageException(
          Kind.UNAVAILABLE,
          true,
          "'"
              + script
              + "' is done, but "
              + (replicas < 0 ? "not on the server's disk" : "only on " + replicas + " replicas")
              + " in time. Expected "
              + (options.waitAof() ? "the disk and " : "")
              + options.waitReplicas()
              + " replicas, as the options say; it is tried again.",
          null);
    }
  }
}
