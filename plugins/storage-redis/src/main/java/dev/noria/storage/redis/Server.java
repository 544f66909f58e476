package dev.noria.storage.redis;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs scripts on the server, and waits for what they answer. Thread-safe. */
final class Server implements AutoCloseable {
  private final Logger log = LoggerFactory.getLogger(RedisStorage.class);
  private final RedisOptions options;
  private final Link link;
  private final byte[] prefix;
  private final byte[] meta;
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private volatile boolean flags;
  private volatile boolean closed;

  Server(RedisOptions options) {
    this.options = options;
    this.prefix = bytes("noria:{" + options.namespace() + "}:");
    this.meta = bytes("noria:{" + options.namespace() + "}:meta");
    try {
      this.link = new Link(options, prefix);
    } catch (RuntimeException e) {
      throw Errors.opening(location(), e);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  RedisOptions options() {
    return options;
  }

  String location() {
    return options.address() + ", namespace " + options.namespace();
  }

  Logger log() {
    return log;
  }

  /** Whether scripts may say that they run when memory is full; servers from 7.0 on know that. */
  void knowsFlags(boolean known) {
    flags = known;
  }

  /** Runs a script on its arguments. */
  byte[] run(String name, Pack arguments) {
    return (byte[]) run(name, ScriptOutputType.VALUE, arguments);
  }

  /** The same with a script that answers a list. */
  List<?> runForList(String name, Pack arguments) {
    return (List<?>) run(name, ScriptOutputType.MULTI, arguments);
  }

  private Object run(String name, ScriptOutputType type, Pack arguments) {
    Script script = scripts.computeIfAbsent(name, this::load);
    // Two keys, of which one is never there and the other always: while a cluster moves the slot,
    // neither its old nor its new node runs the script, which would see a part of the namespace.
    byte[][] keys = {prefix, meta};
    byte[] packed = arguments.toBytes();
    Object reply;
    try {
      reply = answer(name, () -> link.commands().<Object>evalsha(script.sha(), type, keys, packed));
    } catch (Unknown e) {
      // The server forgot it, or is another one than before: it is sent along, and known again.
      reply = answer(name, () -> link.commands().<Object>eval(script.text(), type, keys, packed));
    }
    if (Confirmation.isNeeded(name, options)) {
      Duration most = options.timeout().dividedBy(2);
      Confirmation.check(name, options, answer("WAIT", () -> link.confirm(most)));
    }
    return reply;
  }

  /** Runs a script, and does not wait until it has: it is no loss when it never does. */
  void send(String name, Pack arguments) {
    Script script = scripts.computeIfAbsent(name, this::load);
    byte[][] keys = {prefix, meta};
    try {
      var unused =
          link.commands()
              .evalsha(script.sha(), ScriptOutputType.VALUE, keys, arguments.toBytes())
              .whenComplete(
                  (reply, error) -> {
                    if (error != null) {
                      log.debug("The script {} was sent in vain", name, error);
                    }
                  });
    } catch (RuntimeException e) {
      log.debug("The script {} could not be sent", name, e);
    }
  }

  private Script load(String name) {
    // Whatever gives memory back has to go through when memory is full.
    boolean always = flags && !name.equals("enqueue") && !name.equals("restore");
    return Script.load(name, always ? "#!lua flags=allow-oom\n" : "");
  }

  /** Reads what a script answered. */
  Unpack ask(String name, Pack arguments) {
    return new Unpack(run(name, arguments));
  }

  /** The script is not known to the server. */
  private static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Waits for an answer; an interrupt does not end the wait, since the call goes on anyway. */
  <T> T answer(String what, Supplier<? extends Future<T>> command) {
    if (closed) {
      throw new StorageException(
          Kind.INTERNAL, "The storage is closed. Expected calls before close() only.");
    }
    long end = System.nanoTime() + options.timeout().toNanos();
    boolean interrupted = false;
    Wire wire = null;
    try {
      wire = link.wire();
      Future<T> future = command.get();
      while (true) {
        try {
          return future.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (TimeoutException e) {
      if (wire != null) {
        link.silent(wire);
      }
      throw failure(what, e);
    } catch (ExecutionException | RuntimeException e) {
      Throwable cause = Errors.unwrapped(e);
      if (wire != null) {
        link.failed(wire, cause);
      }
      throw failure(what, cause);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException failure(String what, Throwable cause) {
    return cause instanceof RedisNoScriptException ? new Unknown() : Errors.of(what, cause);
  }

  Link link() {
    return link;
  }

  /** The key of this namespace with this name. */
  byte[] key(String name) {
    byte[] tail = bytes(name);
    byte[] key = java.util.Arrays.copyOf(prefix, prefix.length + tail.length);
    System.arraycopy(tail, 0, key, prefix.length, tail.length);
    return key;
  }

  /** Hears what scripts tell. */
  StatefulRedisPubSubConnection<byte[], byte[]> listen(
      RedisPubSubListener<byte[], byte[]> listener) {
    return link.listen(key("news"), listener);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      link.close();
    }
  }
}
