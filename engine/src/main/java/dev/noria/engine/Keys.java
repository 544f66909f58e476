package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.KeyPolicy.Until;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The deduplication entries: at most one per queue and key (S1.4). */
final class Keys {
  private final Map<Name, Hold> holds = new HashMap<>();
  private final TreeSet<Hold> windows =
      new TreeSet<>(
          Comparator.comparing(Hold::end)
              .thenComparing(hold -> hold.name.queue)
              .thenComparing(hold -> hold.name.key));

  /** Who holds a name. */
  record Name(String queue, String key) {
    static @Nullable Name of(Entry entry) {
      JobKey key = entry.job.key();
      return key == null ? null : new Name(entry.job.queue(), key.name());
    }
  }

  /**
   * An entry.
   *
   * @param until what frees it
   * @param expiresAt for a window its end; else null
   */
  record Hold(Name name, JobId holder, Until until, @Nullable Instant expiresAt) {
    Instant end() {
      return expiresAt == null ? Instant.MAX : expiresAt;
    }

    boolean isOver(Instant now) {
      return expiresAt != null && !expiresAt.isAfter(now);
    }
  }

  /** The entry that keeps a newcomer out. */
  @Nullable Hold holding(Name name, Instant now) {
    Hold hold = holds.get(name);
    if (hold != null && hold.isOver(now)) {
      drop(hold);
      return null;
    }
    return hold;
  }

  /** Makes the entry of a job that found none. */
  void take(Entry entry, Instant windowFrom) {
    JobKey key = entry.job.key();
    Name name = Name.of(entry);
    if (key == null || name == null) {
      return;
    }
    KeyPolicy policy = key.policy();
    Instant end = policy.window() == null ? null : windowFrom.plus(policy.window());
    Hold hold = new Hold(name, entry.id(), policy.until(), end);
    Hold old = holds.put(name, hold);
    if (old != null) {
      windows.remove(old);
    }
    if (end != null) {
      windows.add(hold);
    }
  }

  void started(Entry entry) {
    release(entry, Until.STARTED);
  }

  /** A holder that gave its entry up at its start takes it back if it is free. */
  void waitsAgain(Entry entry, Instant now) {
    JobKey key = entry.job.key();
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
    if (hold != null && hold.until == until && hold.holder.equals(entry.id())) {
      drop(hold);
    }
  }

  /** Whether the entry of a job that is entitled to one is there. */
  boolean isMissing(Entry entry, Instant now) {
    JobKey key = entry.job.key();
    Name name = Name.of(entry);
    if (key == null || name == null || holding(name, now) != null) {
      return false;
    }
    return isEntitled(key.policy().until(), entry.state);
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
  int expire(int limit, Instant now) {
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

  int size() {
    return holds.size();
  }
}
