package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.KeyPolicy.Until;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The deduplication entries: at most one per queue and key (S1.4). */
final class Keys {
  private final Map<Name, Hold> holds = new HashMap<>();
  private final TreeSet<Hold> windows =
      new TreeSet<>(
          Comparator.comparingLong(Hold::expiresAt)
              .thenComparing(hold -> hold.name.queue)
              .thenComparing(hold -> hold.name.key));

  /** Who holds a name. */
  record Name(String queue, String key) {
    static final Comparator<Name> ORDER =
        Comparator.comparing(Name::queue).thenComparing(Name::key);

    static @Nullable Name of(Entry entry) {
      JobKey key = entry.key();
      return key == null ? null : new Name(entry.queue(), key.name());
    }
  }

  /**
   * An entry.
   *
   * @param until what frees it
   * @param expiresAt for a window its end; else the end of time
   */
  record Hold(Name name, JobId holder, Until until, long expiresAt) {
    boolean isOver(long now) {
      return expiresAt <= now;
    }
  }

  /** The entry that keeps a newcomer out. */
  @Nullable Hold holding(Name name, long now) {
    Hold hold = holds.get(name);
    if (hold != null && hold.isOver(now)) {
      drop(hold);
      return null;
    }
    return hold;
  }

  /** The same without a change of anything. */
  private boolean isHeld(Name name, long now) {
    Hold hold = holds.get(name);
    return hold != null && !hold.isOver(now);
  }

  /** Makes the entry of a job that found none. */
  void take(Entry entry, long windowFrom) {
    JobKey key = entry.key();
    Name name = Name.of(entry);
    if (key == null || name == null) {
      return;
    }
    KeyPolicy policy = key.policy();
    Duration window = policy.window();
    long end = window == null ? Long.MAX_VALUE : World.after(windowFrom, window);
    put(new Hold(name, entry.id(), policy.until(), end));
  }

  private void put(Hold hold) {
    Hold old = holds.put(hold.name, hold);
    if (old != null) {
      windows.remove(old);
    }
    if (hold.expiresAt != Long.MAX_VALUE) {
      windows.add(hold);
    }
  }

  void started(Entry entry) {
    release(entry, Until.STARTED);
  }

  /** A holder that gave its entry up at its start takes it back if it is free. */
  void waitsAgain(Entry entry, long now) {
    JobKey key = entry.key();
    Name name = Name.of(entry);
    if (key != null && name != null && key.policy().until() == Until.STARTED) {
      if (holding(name, now) == null) {
        take(entry, now);
      }
    }
  }

  void finished(Entry entry) {
    release(entry, Until.STARTED);
    release(entry, Until.FINISHED);
  }

  void gone(Entry entry) {
    finished(entry);
    release(entry, Until.PURGED);
  }

  private void release(Entry entry, Until until) {
    Name name = Name.of(entry);
    Hold hold = name == null ? null : holds.get(name);
    if (hold != null && hold.until == until && entry.is(hold.holder)) {
      drop(hold);
    }
  }

  /** Whether the entry of a job that is entitled to one is there. */
  boolean isMissing(Entry entry, long now) {
    JobKey key = entry.key();
    Name name = Name.of(entry);
    if (key == null || name == null || isHeld(name, now)) {
      return false;
    }
    Until until = key.policy().until();
    // One that was leased before may go on without, since somebody else had it then (S1.4).
    return isEntitled(until, entry.state) && (until != Until.STARTED || entry.run == null);
  }

  /** Whether a job in {@code state} has an entry of its own right. */
  static boolean isEntitled(Until until, JobState state) {
    return switch (until) {
      case STARTED -> state.isWaiting();
      case FINISHED -> !state.isFinished();
      case PURGED -> true;
      case WINDOW -> false;
    };
  }

  /** Drops windows that are over; returns how many. */
  int expire(int limit, long now) {
    int dropped = 0;
    while (dropped < limit && !windows.isEmpty() && windows.first().isOver(now)) {
      drop(windows.first());
      dropped++;
    }
    return dropped;
  }

  private void drop(Hold hold) {
    holds.remove(hold.name);
    windows.remove(hold);
  }

  boolean hasExpired(long now) {
    return !windows.isEmpty() && windows.first().isOver(now);
  }

  void write(Out out) {
    TreeMap<Name, Hold> sorted = new TreeMap<>(Name.ORDER);
    sorted.putAll(holds);
    out.list(
        sorted.values(),
        hold -> {
          out.name(hold.name.queue);
          out.text(hold.name.key);
          out.id(hold.holder);
          Wire.until(out, hold.until);
          out.number(hold.expiresAt);
        });
  }

  void read(In in) {
    for (int left = in.size(); left > 0; left--) {
      String queue = in.name();
      Name name = new Name(queue, in.text());
      JobId holder = in.id();
      Until until = Wire.until(in);
      put(new Hold(name, holder, until, in.number()));
    }
  }

  int size() {
    return holds.size();
  }
}
