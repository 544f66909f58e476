package dev.noria.examples.drawer;

import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy.Until;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The deduplication keys: at most one entry for a queue and a name (S1.4). */
final class Keys {
  private final Map<Name, Hold> holds = new HashMap<>();

  private record Name(String queue, String key) {}

  private record Hold(JobId holder, Until until, @Nullable Instant expiresAt) {
    boolean isOver(Instant now) {
      return expiresAt != null && !expiresAt.isAfter(now);
    }
  }

  /** Who holds the key of this job; null when it is free or the job has none. */
  @Nullable JobId holder(String queue, @Nullable JobKey key, Instant now) {
    Hold hold = key == null ? null : holds.get(new Name(queue, key.name()));
    return hold == null || hold.isOver(now) ? null : hold.holder;
  }

  /** Takes the key of a job if it is free; a window is counted from the enqueue. */
  void take(Entry entry, Instant now) {
    JobKey key = entry.job.key();
    if (key == null || holder(entry.queue(), key, now) != null) {
      return;
    }
    Duration window = key.policy().window();
    Instant end = window == null ? null : entry.enqueuedAt.plus(window);
    Hold hold = new Hold(entry.job.id(), key.policy().until(), end);
    if (!hold.isOver(now)) {
      holds.put(new Name(entry.queue(), key.name()), hold);
    }
  }

  void started(Entry entry) {
    free(entry, EnumSet.of(Until.STARTED));
  }

  void finished(Entry entry) {
    free(entry, EnumSet.of(Until.STARTED, Until.FINISHED));
  }

  void gone(Entry entry) {
    free(entry, EnumSet.complementOf(EnumSet.of(Until.WINDOW)));
  }

  void dropExpired(Instant now) {
    holds.values().removeIf(hold -> hold.isOver(now));
  }

  private void free(Entry entry, Set<Until> policies) {
    JobKey key = entry.job.key();
    if (key == null) {
      return;
    }
    Name name = new Name(entry.queue(), key.name());
    Hold hold = holds.get(name);
    if (hold != null && hold.holder.equals(entry.job.id()) && policies.contains(hold.until)) {
      holds.remove(name);
    }
  }
}
