package dev.noria.engine;

import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a queue that have work and may start it, in weighted round-robin. A line at its
 * limit leaves and comes back with a free slot, one without a token when the next one is there; so
 * a look never walks over lines that can give nothing.
 */
final class Ring {
  private final ArrayDeque<Line> lines = new ArrayDeque<>();
  private final TreeSet<Line> throttled = new TreeSet<>(Ring::byToken);

  /** A clock that is this much behind was set back; less is how clocks of processes differ. */
  static final long SKEW = 60_000;

  /** The greatest instant of a look, unless the clock was set back. */
  private long latest = Long.MIN_VALUE;

  private static int byToken(Line one, Line other) {
    int byInstant = Long.compare(one.throttledUntil, other.throttledUntil);
    return byInstant != 0 ? byInstant : one.group.compareTo(other.group);
  }

  /** Lets a line take part if it has work and a free slot; its tokens are looked at later. */
  void offer(Line line) {
    if (!line.inRing && line.throttledUntil < 0 && !line.isEmpty() && !line.isSaturated()) {
      line.inRing = true;
      line.credit = line.policy.weight();
      lines.addLast(line);
    }
  }

  /** The line whose turn it is; null when none may start a job now. */
  @Nullable Line turn(long now) {
    if (isSetBack(now)) {
      // They wait for instants of the clock as it was: each asks its bucket anew.
      List<Line> waiting = List.copyOf(throttled);
      throttled.clear();
      waiting.forEach(this::wake);
      latest = now;
    }
    latest = Math.max(latest, now);
    wakeThrottled(now);
    Line line;
    while ((line = lines.peekFirst()) != null) {
      if (!line.isEmpty() && !line.isSaturated() && line.mayStart(now)) {
        return line;
      }
      drop(line);
    }
    return null;
  }

  /** Whether some line could start a job now; changes nothing. */
  boolean hasTurn(long now) {
    if (isSetBack(now) && !throttled.isEmpty()) {
      return true;
    }
    for (Line line : lines) {
      if (line.hasTurn(now)) {
        return true;
      }
    }
    for (Line line : throttled) {
      if (line.throttledUntil > now) {
        break;
      }
      if (line.hasTurn(now)) {
        return true;
      }
    }
    return false;
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
    while (!throttled.isEmpty() && throttled.first().throttledUntil <= now) {
      Line line = throttled.first();
      throttled.remove(line);
      wake(line);
    }
  }

  private void wake(Line line) {
    line.throttledUntil = -1;
    offer(line);
  }

  private boolean isSetBack(long now) {
    return now < latest - SKEW && latest != Long.MIN_VALUE;
  }

  /** Whether the next turn takes a line out that ran empty. */
  boolean hasEmptyHead() {
    Line head = lines.peekFirst();
    return head != null && head.isEmpty();
  }

  long latest() {
    return latest;
  }

  void restoreLatest(long instant) {
    latest = instant;
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
    return throttled.isEmpty() ? -1 : throttled.first().throttledUntil;
  }

  /** Forgets everybody, because the policies changed; all lines must be offered again. */
  void clear() {
    lines.forEach(line -> line.inRing = false);
    List<Line> waiting = List.copyOf(throttled);
    lines.clear();
    throttled.clear();
    waiting.forEach(line -> line.throttledUntil = -1);
  }

  /** The groups in their order. */
  List<String> order() {
    return lines.stream().map(line -> line.group).toList();
  }

  /** Puts a line where it was when it was written down. */
  void restore(Line line) {
    line.inRing = true;
    lines.addLast(line);
  }

  /** Puts a line that waits for a token where it was. */
  void restoreThrottled(Line line) {
    throttled.add(line);
  }
}
