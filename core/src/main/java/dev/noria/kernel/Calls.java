package dev.noria.kernel;

import dev.noria.storage.CallId;
import dev.noria.storage.StorageException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Makes storage calls that survive trouble: a transient failure is repeated with a growing wait and
 * the same {@link CallId}, so that a call whose outcome was unknown has its effect once (S0.4).
 */
final class Calls {
  /** A bug that repeats is no trouble that passes. */
  private static final int MOST_BUGS = 3;

  private final KernelClock clock;
  private final Duration timeout;
  private final ConcurrentLinkedDeque<Client> idle = new ConcurrentLinkedDeque<>();

  /** One caller: makes its calls one after the other. Not thread-safe. */
  static final class Client {
    private final long id = ThreadLocalRandom.current().nextLong();
    private long sequence;

    CallId next() {
      return new CallId(id, ++sequence);
    }
  }

  Calls(KernelClock clock, Duration timeout) {
    this.clock = clock;
    this.timeout = timeout;
  }

  /** When a call that starts now gives up, by the monotonic clock. */
  long giveUpNanos() {
    return clock.nanos() + timeout.toNanos();
  }

  /** Calls until it works, fails for good, or it is time to give up; at least once. */
  <T> T persist(long giveUpNanos, Function<CallId, T> call) {
    Client client = idle.pollFirst();
    if (client == null) {
      client = new Client();
    }
    try {
      return persist(client.next(), giveUpNanos, call);
    } finally {
      idle.addFirst(client);
    }
  }

  private <T> T persist(CallId id, long giveUpNanos, Function<CallId, T> call) {
    try {
      return call.apply(id);
    } catch (StorageException e) {
      if (!e.isTransient()) {
        throw e;
      }
      return repeat(id, giveUpNanos, call, e);
    }
  }

  private <T> T repeat(
      CallId id, long giveUpNanos, Function<CallId, T> call, StorageException first) {
    Backoff backoff = new Backoff(1_000);
    StorageException last = first;
    boolean unknown = first.outcomeUnknown();
    int bugs = 0;
    while (clock.nanos() - giveUpNanos < 0 && bugs < MOST_BUGS) {
      pause(backoff.nextMillis());
      try {
        return call.apply(id);
      } catch (StorageException e) {
        last = e;
        unknown |= e.outcomeUnknown();
        bugs += isBug(e) ? 1 : 0;
        if (!e.isTransient()) {
          break;
        }
      }
    }
    throw unknown == last.outcomeUnknown()
        ? last
        : new StorageException(last.kind(), true, String.valueOf(last.getMessage()), last);
  }

  static boolean isBug(StorageException error) {
    return error.kind() == StorageException.Kind.INTERNAL;
  }

  /** Waits; an interrupt neither cuts the wait short nor gets lost. */
  private void pause(long millis) {
    boolean interrupted = Thread.interrupted();
    LockSupport.parkNanos(this, Duration.ofMillis(millis).toNanos());
    if (interrupted || Thread.interrupted()) {
      Thread.currentThread().interrupt();
    }
  }
}
