package dev.noria.tck.history;

import java.util.Comparator;
import java.util.List;

/** Calls of which nobody knows whether and when they happened. */
final class Unknowns {
  static final Unknowns NONE = new Unknowns(List.of(), new long[0], new long[0]);

  private final List<Call> calls;
  private final long[] nanos;

  /** Until when the first so many calls may still happen, at the latest. */
  private final long[] until;

  private Unknowns(List<Call> calls, long[] nanos, long[] until) {
    this.calls = calls;
    this.nanos = nanos;
    this.until = until;
  }

  /**
   * These calls, with the clock of the history by place.
   *
   * @param grace for how long after its caller gave up a call may still arrive
   */
  static Unknowns of(List<Call> unknown, long[] nanos, long grace) {
    List<Call> calls =
        unknown.stream().sorted(Comparator.comparingInt((Call call) -> call.sentAt)).toList();
    long[] until = new long[calls.size()];
    long latest = Long.MIN_VALUE;
    for (int i = 0; i < until.length; i++) {
      int closedAt = calls.get(i).closedAt();
      latest = closedAt == Index.NEVER ? Long.MAX_VALUE : Math.max(latest, nanos[closedAt] + grace);
      until[i] = latest;
    }
    return new Unknowns(calls, nanos, until);
  }

  /** The first place from {@code from} on where one may happen; {@link Index#NEVER} if none. */
  int firstFrom(int from) {
    int low = 0;
    int high = calls.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (calls.get(middle).sentAt >= from) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (low > 0 && until[low - 1] >= nanos[from]) {
      return from;
    }
    return low == calls.size() ? Index.NEVER : calls.get(low).sentAt;
  }
}
