package dev.noria.storage.redis;

import io.lettuce.core.RedisConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is replaced by another one when it is of no use any more. The driver connects
 * again by itself when a server closes its side; a host that died silently, or a master that has
 * become a replica, it does not see. Thread-safe.
 */
final class Connection {
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private final Supplier<CompletableFuture<Wire>> connect;
  private final Duration timeout;
  private @Nullable CompletableFuture<Wire> current;

  Connection(Supplier<CompletableFuture<Wire>> connect, Duration timeout) {
    this.connect = connect;
    this.timeout = timeout;
  }

  private synchronized CompletableFuture<Wire> attempt() {
    CompletableFuture<Wire> attempt = current;
    if (attempt == null || attempt.isCompletedExceptionally()) {
      attempt = connect.get();
      current = attempt;
    }
    return attempt;
  }

  /** The connection there is, or a new one; an interrupt does not end the wait for it. */
  Wire wire() {
    CompletableFuture<Wire> attempt = attempt();
    if (attempt.isDone()) {
      return attempt.join();
    }
    try {
      return attempt.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new RedisConnectionException("There was no connection within " + timeout, e);
      }
      throw e;
    }
  }

  /** The next call gets another one; what is under way on this one fails. */
  synchronized void renew(Wire old) {
    if (current != null && old.equals(current.getNow(null))) {
      current = null;
      var unused = old.connection().closeAsync();
    }
  }

  /** Somebody waited in vain: it is renewed if it does not answer the smallest question either. */
  void doubt(Wire wire) {
    var unused =
        wire.commands()
            .get()
            .thenCompose(server -> server.ping())
            .toCompletableFuture()
            .copy()
            .orTimeout(SILENCE.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (pong, error) -> {
                  if (error instanceof TimeoutException) {
                    renew(wire);
                  }
                });
  }
}
