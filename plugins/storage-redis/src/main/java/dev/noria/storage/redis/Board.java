package dev.noria.storage.redis;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Signals.Listener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who listens to this storage, and what they are told. The connection that hears of it is opened
 * with the first of them. What was told while it was down is lost: sleepers are woken when it is
 * back, and look for themselves.
 */
final class Board extends RedisPubSubAdapter<byte[], byte[]> {
  private final Server server;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Set<String> parked = ConcurrentHashMap.newKeySet();
  private final ExecutorService courier =
      Executors.newSingleThreadExecutor(
          action -> {
            Thread thread = new Thread(action, "noria-redis-signals");
            thread.setDaemon(true);
            return thread;
          });
  private final long origin = ThreadLocalRandom.current().nextLong();
  private @Nullable StatefulRedisPubSubConnection<byte[], byte[]> connection;
  private volatile boolean closed;

  Board(Server server) {
    this.server = server;
  }

  void add(Listener listener) {
    listeners.add(listener);
    try {
      start();
    } catch (RuntimeException e) {
      listeners.remove(listener);
      throw e;
    }
  }

  void remove(Listener listener) {
    listeners.remove(listener);
  }

  boolean isOpen() {
    return !closed;
  }

  /** Somebody of this storage sleeps on these queues. */
  void parked(List<Demand> demands) {
    demands.forEach(demand -> parked.add(demand.queue()));
  }

  /** Begins to listen; returns when it does. */
  synchronized void start() {
    if (connection == null && !closed) {
      try {
        connection = server.listen(this);
      } catch (RuntimeException e) {
        throw Errors.of("listen", e);
      }
    }
  }

  @Override
  public void subscribed(byte[] channel, long count) {
    wakeAll();
  }

  /** By this name scripts know who of the sleepers belongs to this storage. */
  long origin() {
    return origin;
  }

  /** Sleepers of this storage may have been woken, and nobody can tell. */
  void wakeAll() {
    parked.forEach(queue -> wake(queue, null));
  }

  /** A script answers whom of this storage it has woken: {@code {queue, due or false, …}}. */
  void woken(Unpack in) {
    for (int left = in.list(); left > 0; left -= 2) {
      readWork(in);
    }
  }

  private void readWork(Unpack in) {
    String queue = in.text();
    wake(queue, in.isNothing() ? null : Instant.ofEpochMilli(in.number()));
  }

  /** On the thread that has heard it: listeners return at once, and handing it on takes longer. */
  private void wake(String queue, @Nullable Instant due) {
    tell(listener -> listener.workReady(queue, due));
  }

  @Override
  public void message(byte[] channel, byte[] message) {
    try {
      read(new Unpack(message));
    } catch (RuntimeException e) {
      server.log().debug("A signal could not be read", e);
    }
  }

  private void read(Unpack in) {
    for (int left = in.list(); left > 0; left--) {
      in.list();
      switch (in.text()) {
        case "w" -> readWork(in);
        case "f" -> {
          JobId id = in.id();
          JobState state = Codes.state(in.count());
          post(() -> tell(listener -> listener.jobFinished(id, state)));
        }
        default -> {
          JobId id = in.id();
          post(() -> tell(listener -> listener.cancelRequested(id)));
        }
      }
    }
  }

  private void post(Runnable action) {
    try {
      courier.execute(action);
    } catch (RejectedExecutionException e) {
      server.log().debug("A signal came after close", e);
    }
  }

  private void tell(Consumer<Listener> message) {
    for (Listener listener : listeners) {
      try {
        message.accept(listener);
      } catch (RuntimeException e) {
        server.log().warn("A signal listener threw", e);
      }
    }
  }

  /**
   * Tells nothing any more; the connection ends with the others of the storage. Does not wait for
   * somebody who is about to listen.
   */
  void close() {
    closed = true;
    listeners.clear();
    courier.shutdown();
  }
}
