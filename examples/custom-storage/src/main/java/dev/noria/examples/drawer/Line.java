package dev.noria.examples.drawer;

import dev.noria.job.JobState;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The line of one queue: who is READY, group by group, and who is SCHEDULED (S2.3, S2.5). */
final class Line {
  private static final Comparator<Entry> ORDER =
      Comparator.comparingInt((Entry entry) -> -entry.job.priority())
          .thenComparing(entry -> !entry.job.lifo())
          .thenComparing(Line::byTurn);

  private final Map<String, TreeSet<Entry>> ready = new HashMap<>();
  private final TreeSet<Entry> scheduled =
      new TreeSet<>(
          Comparator.comparing((Entry entry) -> entry.dueAt).thenComparing(entry -> entry.arrival));

  /** The groups in turn; one without work may linger until its turn comes. */
  private final Set<String> ring = new LinkedHashSet<>();

  private static int byTurn(Entry a, Entry b) {
    if (a.job.lifo()) {
      return Long.compare(b.place, a.place);
    }
    int byInstant = a.dueAt.compareTo(b.dueAt);
    return byInstant != 0 ? byInstant : Long.compare(a.place, b.place);
  }

  void add(Entry entry) {
    if (entry.state == JobState.SCHEDULED) {
      scheduled.add(entry);
    } else {
      ready.computeIfAbsent(entry.group(), any -> new TreeSet<>(ORDER)).add(entry);
      ring.add(entry.group());
    }
  }

  void remove(Entry entry) {
    if (entry.state == JobState.SCHEDULED) {
      scheduled.remove(entry);
      return;
    }
    TreeSet<Entry> group = ready.get(entry.group());
    if (group != null && group.remove(entry) && group.isEmpty()) {
      ready.remove(entry.group());
    }
  }

  /** The first job of the group whose turn it is. */
  @Nullable Entry first() {
    while (!ring.isEmpty()) {
      String group = ring.iterator().next();
      TreeSet<Entry> waiting = ready.get(group);
      if (waiting != null) {
        return waiting.first();
      }
      ring.remove(group);
    }
    return null;
  }

  /** A job of this group was taken: the next group has its turn. */
  void next(String group) {
    ring.remove(group);
    if (ready.containsKey(group)) {
      ring.add(group);
    }
  }

  /** The next SCHEDULED job that is due. */
  @Nullable Entry due(Instant now) {
    return scheduled.isEmpty() || scheduled.first().dueAt.isAfter(now) ? null : scheduled.first();
  }

  /** When the first SCHEDULED job becomes due. */
  @Nullable Instant nextDue() {
    return scheduled.isEmpty() ? null : scheduled.first().dueAt;
  }
}
