package dev.noria.engine;

import dev.noria.storage.CallId;
import dev.noria.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The last call of each client and the reply to it (S0.4). */
final class Calls {
  private static final Duration IDLE = Duration.ofDays(1);

  /** Least recently used first. */
  private final Map<Long, Last> clients = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Last {
    long sequence;
    @Nullable Object reply;
    Instant at = Instant.EPOCH;
  }

  /** Makes a call for the first time, or gives the reply of the first time again. */
  <T> T once(CallId call, Class<T> type, Instant now, Supplier<T> unit) {
    Last last = clients.computeIfAbsent(call.client(), any -> new Last());
    if (last.reply != null && call.sequence() <= last.sequence) {
      return again(call, last, type);
    }
    T reply = unit.get();
    last.sequence = call.sequence();
    last.reply = reply;
    last.at = now;
    return reply;
  }

  private static <T> T again(CallId call, Last last, Class<T> type) {
    if (call.sequence() == last.sequence && type.isInstance(last.reply)) {
      return type.cast(last.reply);
    }
    throw new StorageException(
        StorageException.Kind.CONFLICT,
        "Call "
            + call.sequence()
            + " of client "
            + Long.toHexString(call.client())
            + " came after call "
            + last.sequence
            + ". Expected a greater sequence, or the very same call.");
  }

  /** Forgets clients that have been silent for a day. */
  void dropIdle(Instant now) {
    Iterator<Last> eldest = clients.values().iterator();
    while (eldest.hasNext() && !eldest.next().at.plus(IDLE).isAfter(now)) {
      eldest.remove();
    }
  }

  int size() {
    return clients.size();
  }
}
