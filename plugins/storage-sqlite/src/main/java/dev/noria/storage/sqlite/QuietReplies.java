package dev.noria.storage.sqlite;

import dev.noria.storage.CallId;
import dev.noria.storage.Exchange;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replies of calls that changed nothing, and so are not worth a write: kept in memory, where their
 * clients live too. Guarded by the writer.
 */
final class QuietReplies {
  private static final int MOST = 1_000;

  private record Quiet(long sequence, Exchange reply) {}

  private final Map<Long, Quiet> last =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Quiet> eldest) {
          return size() > MOST;
        }
      };

  void keep(CallId call, Exchange reply) {
    last.remove(call.client());
    last.put(call.client(), new Quiet(call.sequence(), reply));
  }

  /** The reply if this is a repetition. */
  @Nullable Exchange repeated(CallId call) {
    Quiet quiet = last.get(call.client());
    return quiet != null && quiet.sequence() == call.sequence() ? quiet.reply() : null;
  }

  /** Whether a later call of the client has been answered. */
  boolean isPast(CallId call) {
    Quiet quiet = last.get(call.client());
    return quiet != null && quiet.sequence() > call.sequence();
  }
}
