package dev.noria.tck.model;

import dev.noria.storage.CallId;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The last reply of each client, for repeated calls (S0.4). */
final class Calls {
  private final Decisions decisions;
  private final Map<Long, Reply> last = new HashMap<>();

  Calls(Decisions decisions) {
    this.decisions = decisions;
  }

  private record Reply(long sequence, String method, Object value) {}

  /** Does the work, unless this very call was done before; then answers as it did. */
  <T> T once(CallId call, String method, Supplier<T> work) {
    Reply reply = last.get(call.client());
    if (reply != null && decisions.answersAgain()) {
      if (call.sequence() == reply.sequence && method.equals(reply.method)) {
        @SuppressWarnings("unchecked") // One method has one type of reply.
        T again = (T) reply.value;
        return again;
      }
      if (call.sequence() <= reply.sequence) {
        throw new StorageException(
            Kind.CONFLICT,
            "Call "
                + call
                + " came after call "
                + reply.sequence
                + " of its client. Expected growing sequences.");
      }
    }
    T value = work.get();
    last.put(call.client(), new Reply(call.sequence(), method, value));
    return value;
  }
}
