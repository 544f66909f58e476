package dev.noria.engine;

import dev.noria.job.JobId;
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

  static final List<Mode> MODES = List.of(Mode.OFF, Mode.TERMINAL, Mode.ALL);

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

  void record(Entry entry, @Nullable JobState from, @Nullable JobState to, long now) {
    if (mode == Mode.OFF || (mode == Mode.TERMINAL && (to == null || !to.isFinished()))) {
      return;
    }
    newest++;
    ring[(int) (newest % KEPT)] =
        new Event(
            newest,
            entry.id(),
            entry.queue(),
            entry.shape.type,
            from,
            to,
            Instant.ofEpochMilli(now));
  }

  void write(Out out) {
    out.choice(mode, MODES);
    out.number(newest);
    out.number(ring.length == 0 ? 0 : Math.min(newest, KEPT));
    for (long number = Math.max(1, newest - KEPT + 1);
        number <= newest && ring.length > 0;
        number++) {
      Event event = ring[(int) (number % KEPT)];
      out.optional(event, one -> write(out, one));
    }
  }

  private static void write(Out out, Event event) {
    out.id(event.id());
    out.name(event.queue());
    out.name(event.type());
    Wire.state(out, event.from());
    Wire.state(out, event.to());
    out.instant(event.at());
  }

  void read(In in) {
    mode(in.choice(MODES));
    newest = in.number();
    int count = in.size();
    if (count > 0) {
      ring = new @Nullable Event[KEPT];
    }
    for (long number = newest - count + 1; number <= newest; number++) {
      if (in.flag()) {
        ring[(int) (number % KEPT)] = event(in, number);
      }
    }
  }

  private static Event event(In in, long number) {
    JobId id = in.id();
    String queue = in.name();
    String type = in.name();
    JobState from = Wire.state(in);
    JobState to = Wire.state(in);
    return new Event(number, id, queue, type, from, to, in.instant());
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
