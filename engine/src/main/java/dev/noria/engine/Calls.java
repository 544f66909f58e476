package dev.noria.engine;

import dev.noria.job.EnqueueReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.Registers.Advance;
import dev.noria.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The last call of each client and the reply to it (S0.4). */
final class Calls {
  private static final long IDLE = Duration.ofDays(1).toMillis();

  private final LiveContents live;

  /** Least recently used first. */
  private final Map<Long, Last> clients = new LinkedHashMap<>();

  private record Last(long sequence, Object reply, long at) {}

  Calls(LiveContents live) {
    this.live = live;
  }

  /** Makes a call for the first time, or gives the reply of the first time again. */
  <T> T once(CallId call, Class<T> type, long now, Supplier<T> unit) {
    T again = again(call, type);
    if (again != null) {
      return again;
    }
    T reply = unit.get();
    count(reply, true);
    Last old = clients.remove(call.client());
    if (old != null) {
      count(old.reply, false);
    }
    clients.put(call.client(), new Last(call.sequence(), reply, now));
    return reply;
  }

  /** The reply to a call that was made before; null for a new one. */
  <T> @Nullable T again(CallId call, Class<T> type) {
    Last last = clients.get(call.client());
    if (last == null || call.sequence() > last.sequence) {
      return null;
    }
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

  private void count(Object reply, boolean more) {
    if (reply instanceof Granted granted) {
      granted.count(live, more);
    }
  }

  boolean hasIdle(long now) {
    if (clients.isEmpty()) {
      return false;
    }
    Last eldest = clients.values().iterator().next();
    return isIdle(eldest, now) || isAhead(eldest, now);
  }

  private static boolean isIdle(Last last, long now) {
    return last.at + IDLE <= now;
  }

  /** Whether it comes from a clock that was wrong: nobody behind it would ever be forgotten. */
  private static boolean isAhead(Last last, long now) {
    return last.at > now + IDLE;
  }

  /** Forgets clients that have been silent for a day. */
  void dropIdle(long now) {
    while (hasIdle(now)) {
      Map.Entry<Long, Last> eldest = clients.entrySet().iterator().next();
      Last last = eldest.getValue();
      long client = eldest.getKey();
      clients.remove(client);
      if (isAhead(last, now)) {
        clients.put(client, new Last(last.sequence, last.reply, now));
      } else {
        count(last.reply, false);
      }
    }
  }

  int size() {
    return clients.size();
  }

  void write(Out out) {
    out.number(clients.size());
    clients.forEach(
        (client, last) -> {
          out.fixed(client);
          out.number(last.sequence);
          out.number(last.at);
          write(out, last.reply);
        });
  }

  private static void write(Out out, Object reply) {
    if (reply instanceof Granted granted) {
      out.bits(0);
      granted.write(out);
    } else if (reply instanceof List<?> receipts) {
      out.bits(1);
      out.list(receipts, receipt -> Wire.receipt(out, (EnqueueReceipt) receipt));
    } else {
      out.bits(2);
      Optional<?> advance = (Optional<?>) reply;
      out.optional(advance.orElse(null), known -> RegisterTable.write(out, (Advance) known));
    }
  }

  void read(In in) {
    for (int left = in.size(); left > 0; left--) {
      long client = in.fixed();
      long sequence = in.number();
      long at = in.number();
      Object reply = reply(in);
      count(reply, true);
      clients.put(client, new Last(sequence, reply, at));
    }
  }

  private static Object reply(In in) {
    return switch (in.bits()) {
      case 0 -> Granted.read(in);
      case 1 -> new ArrayList<>(in.list(() -> Wire.receipt(in)));
      default -> Optional.ofNullable(in.optional(() -> RegisterTable.readAdvance(in)));
    };
  }
}
