package dev.noria.tck.model;

import dev.noria.job.JobState;
import dev.noria.storage.Events.Event;
import dev.noria.storage.Events.EventPage;
import dev.noria.storage.Events.Mode;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The state changes of one namespace, the last ones kept (C6). */
final class Journal {
  private static final int KEPT = 10_000;

  private final Decisions decisions;
  private final TreeMap<Long, Event> events = new TreeMap<>();
  private long sequence;
  Mode mode = Mode.OFF;

  Journal(Decisions decisions) {
    this.decisions = decisions;
  }

  void switchTo(Mode other) {
    mode = other;
  }

  void record(Entry entry, @Nullable JobState from, @Nullable JobState to, Instant now) {
    boolean wanted = mode == Mode.ALL || (mode == Mode.TERMINAL && to != null && to.isFinished());
    if (!wanted) {
      return;
    }
    sequence++;
    events.put(
        sequence,
        new Event(sequence, entry.id(), entry.job.queue(), entry.job.type(), from, to, now));
    if (events.size() > KEPT) {
      events.pollFirstEntry();
    }
  }

  EventPage read(@Nullable String cursor, int limit) {
    long after = cursor == null ? oldest() - 1 : Long.parseLong(cursor);
    List<Event> page = events.tailMap(after, false).values().stream().limit(limit).toList();
    long last = page.isEmpty() ? after : page.get(page.size() - 1).sequence();
    return new EventPage(decisions.page(page), Long.toString(last), after < oldest() - 1);
  }

  String end() {
    return Long.toString(sequence);
  }

  private long oldest() {
    return events.isEmpty() ? sequence + 1 : events.firstKey();
  }
}
