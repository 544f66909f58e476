package dev.noria.tck.model;

import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy.Until;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The deduplication keys: at most one entry for a queue and a name (S1.4). */
final class Keys {
  private final Decisions decisions;
  private final Map<Name, Hold> holds = new HashMap<>();

  Keys(Decisions decisions) {
    this.decisions = decisions;
  }

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
    if (key == null || holder(entry.job.queue(), key, now) != null) {
      return;
    }
    Hold hold =
        new Hold(
            entry.id(),
            key.policy().until(),
            key.policy().window() == null ? null : entry.enqueuedAt.plus(key.policy().window()));
    if (!hold.isOver(now)) {
      holds.put(new Name(entry.job.queue(), key.name()), hold);
    }
  }

  void started(Entry entry) {
    free(entry, decisions::freesOnStart);
  }

  void finished(Entry entry) {
    free(entry, decisions::freesOnFinish);
  }

  void gone(Entry entry) {
    free(entry, decisions::freesWhenGone);
  }

  void dropExpired(Instant now) {
    holds.values().removeIf(hold -> hold.isOver(now));
  }

  private interface Question {
    boolean frees(Until until);
  }

  private void free(Entry entry, Question question) {
    JobKey key = entry.job.key();
    if (key == null) {
      return;
    }
    Name name = new Name(entry.job.queue(), key.name());
    Hold hold = holds.get(name);
    if (hold != null && hold.holder.equals(entry.id()) && question.frees(hold.until)) {
      holds.remove(name);
    }
  }
}
