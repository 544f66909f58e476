package dev.noria.engine;

import dev.noria.job.JobId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares a page of jobs with the side indexes at each round and puts right what is wrong (S5.3).
 * Remembers where it stopped.
 */
final class Verifying {
  private static final int PAGE = 1_000;

  private final World world;
  private @Nullable JobId cursor;

  Verifying(World world) {
    this.world = world;
  }

  /** Verifies the next page; returns how many entries it healed. */
  int verify(int limit, Instant now) {
    int most = Math.min(limit, PAGE);
    List<Entry> page = world.jobs.after(cursor, most);
    int healed = 0;
    for (Entry entry : page) {
      healed += heal(entry, now) ? 1 : 0;
    }
    cursor = page.size() < most ? null : page.get(page.size() - 1).id();
    return healed;
  }

  private boolean heal(Entry entry, Instant now) {
    boolean wrong = healPlace(entry);
    if (entry.state.isWaiting() && entry.job.deadline() != null && world.deadlines.add(entry)) {
      wrong = true;
    }
    if (entry.job.key() != null && world.keys.isMissing(entry, now)) {
      world.keys.take(entry, now);
      wrong = true;
    }
    return wrong;
  }

  private boolean healPlace(Entry entry) {
    Line line = entry.line;
    NamedQueue queue = line.queue;
    return switch (entry.state) {
      case BLOCKED -> false;
      case SCHEDULED -> {
        boolean lost = !queue.scheduled.contains(entry);
        if (lost) {
          world.waits(entry);
        }
        yield lost;
      }
      case READY -> healReady(entry);
      case RUNNING -> {
        Run run = entry.run;
        boolean lost = run != null && !world.leases.contains(entry, run.expiresAt.toEpochMilli());
        if (lost && run != null) {
          world.leases.remove(entry);
          world.leases.add(entry, run.expiresAt.toEpochMilli());
        }
        yield lost;
      }
      case COMPLETED, DEAD, CANCELLED -> {
        boolean lost = entry.chain == null && !world.dependents.isNeeded(entry.id());
        if (lost) {
          world.retention.add(entry, World.keptUntil(entry));
        }
        yield lost;
      }
    };
  }

  private boolean healReady(Entry entry) {
    Line line = entry.line;
    boolean lost = !line.contains(entry);
    if (lost) {
      world.waits(entry);
      return true;
    }
    boolean outside = !line.inRing && line.throttledUntil < 0 && !line.isSaturated();
    if (outside) {
      line.queue.ring.offer(line);
      world.outbox.touch(line.queue);
    }
    return outside;
  }
}
