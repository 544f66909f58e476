package dev.noria.engine;

import dev.noria.job.JobState;
import dev.noria.storage.Events.Event;
import dev.noria.storage.Events.EventPage;
import dev.noria.storage.Events.Mode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last state changes, in a ring that is made when it is turned on. */
final class EventLog {
  private static final int KEPT = 16_384;

  private Mode mode = Mode.OFF;
  private @Nullable Event[] ring = new @Nullable Event[0];
  private long newest;

  Mode mode() {
    return mode;
  }

  void mode(Mode value) {
    mode = value;
    if (value != Mode.OFF && ring.length == 0) {
      ring = new @Nullable Event[KEPT];
    }
  }

  void record(Entry entry, @Nullable JobState from, @Nullable JobState to, Instant now) {
    if (mode == Mode.OFF || (mode == Mode.TERMINAL && (to == null || !to.isFinished()))) {
      return;
    }
    newest++;
    ring[(int) (newest % KEPT)] =
        new Event(newest, entry.id(), entry.job.queue(), entry.job.type(), from, to, now);
  }

  String end() {
    return Long.toString(newest);
  }

  EventPage read(@Nullable String cursor, int limit) {
    long before = Math.max(0, newest - KEPT);
    long after = cursor == null ? before : parse(cursor);
    boolean gap = after < before;
    long position = Math.max(after, before);
    List<Event> events = new ArrayList<>();
    while (position < newest && events.size() < limit) {
      position++;
      Event event = ring[(int) (position % KEPT)];
      if (event != null) {
        events.add(event);
      }
    }
    return new EventPage(events, Long.toString(Math.max(position, after)), gap);
  }

  private static long parse(String cursor) {
    try {
      return Long.parseLong(cursor);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + cursor + "' is not a cursor of events. Expected what the last page said.", e);
    }
  }
}
