package dev.noria.engine;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a queue that have work and may start it, in weighted round-robin. A line at its
 * limit leaves and comes back with a free slot, one without a token when the next one is there; so
 * a look never walks over lines that can give nothing.
 */
final class Ring {
  private final ArrayDeque<Line> lines = new ArrayDeque<>();
  private final PriorityQueue<Line> throttled =
      new PriorityQueue<>((a, b) -> Long.compare(a.throttledUntil, b.throttledUntil));

  /** Lets a line take part if it has work and a free slot; its tokens are looked at later. */
  void offer(Line line) {
    if (!line.inRing && line.throttledUntil < 0 && !line.isEmpty() && !line.isSaturated()) {
      line.inRing = true;
      line.credit = line.policy.weight();
      lines.addLast(line);
    }
  }

  /** The line whose turn it is; null when none may start a job now. */
  @Nullable Line turn(Instant now) {
    wakeThrottled(now.toEpochMilli());
    Line line;
    while ((line = lines.peekFirst()) != null) {
      if (!line.isEmpty() && !line.isSaturated() && line.mayStart(now)) {
        return line;
      }
      drop(line);
    }
    return null;
  }

  private void drop(Line line) {
    lines.pollFirst();
    line.inRing = false;
    Tokens tokens = line.tokens;
    if (!line.isEmpty() && !line.isSaturated() && tokens != null) {
      line.throttledUntil = tokens.nextAt();
      throttled.add(line);
    }
  }

  private void wakeThrottled(long now) {
    Line line;
    while ((line = throttled.peek()) != null && line.throttledUntil <= now) {
      throttled.poll();
      line.throttledUntil = -1;
      offer(line);
    }
  }

  /** The first line started a job: it goes to the end when its turn is used up. */
  void started(Line line) {
    line.credit--;
    if (line.credit <= 0) {
      line.credit = line.policy.weight();
      if (lines.size() > 1) {
        lines.addLast(lines.removeFirst());
      }
    }
  }

  /** Takes the first line out for the rest of a call. */
  Line setAside() {
    Line line = lines.removeFirst();
    line.inRing = false;
    return line;
  }

  /** When the next throttled line has a token, in milliseconds; −1: there is none. */
  long nextToken() {
    Line line = throttled.peek();
    return line == null ? -1 : line.throttledUntil;
  }

  /** Forgets everybody, because the policies changed; all lines must be offered again. */
  void clear() {
    lines.forEach(line -> line.inRing = false);
    throttled.forEach(line -> line.throttledUntil = -1);
    lines.clear();
    throttled.clear();
  }
}
