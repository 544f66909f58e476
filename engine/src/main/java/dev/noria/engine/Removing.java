package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Deletes many jobs of a kind; goes through the jobs in pages, so that others get their turn. */
final class Removing {
  private static final int PAGE = 5_000;
  private static final Comparator<Found> OLDEST_FIRST =
      Comparator.comparing(Found::finishedAt).thenComparing(Found::id);

  private final Replica replica;
  private final Engine engine;
  private final Instant now;

  Removing(Replica replica, Engine engine, Instant now) {
    this.replica = replica;
    this.engine = engine;
    this.now = now;
  }

  /** A finished job that may go. */
  private record Found(JobId id, Instant finishedAt) {}

  /** Deletes a job that does not run; if it waited, it is cancelled first. */
  static void delete(World world, Entry entry, Instant now) {
    if (entry.state.isWaiting()) {
      entry.reason = Reasons.CANCELLED;
      world.move(entry, JobState.CANCELLED, now);
    }
    world.vanish(entry, now);
  }

  /** Deletes the first jobs, in the order of their ids, that {@code which} names. */
  int remove(Predicate<Entry> which, int limit) {
    int removed = 0;
    JobId cursor = null;
    do {
      Step step = removePage(which, limit - removed, cursor);
      removed += step.count;
      cursor = step.next;
    } while (cursor != null && removed < limit);
    return removed;
  }

  /** What a page gave, and where the next one starts. */
  private record Step(int count, @Nullable JobId next) {}

  private Step removePage(Predicate<Entry> which, int limit, @Nullable JobId cursor) {
    return replica.change(
        now,
        world -> {
          List<Entry> page = world.jobs.after(cursor, PAGE);
          int count = 0;
          for (Entry entry : page) {
            // A deletion may take others along: a dependency that only this job kept.
            if (count < limit && world.jobs.get(entry.id()) == entry && which.test(entry)) {
              delete(world, entry, now);
              count++;
            }
          }
          engine.settle(now);
          return new Step(count, page.size() < PAGE ? null : page.get(PAGE - 1).id());
        });
  }

  /** Deletes the finished jobs that ended first, sparing those that somebody depends on. */
  int purge(Predicate<Entry> which, int limit) {
    PriorityQueue<Found> oldest = new PriorityQueue<>(OLDEST_FIRST.reversed());
    JobId cursor = null;
    do {
      cursor = collect(which, limit, cursor, oldest);
    } while (cursor != null);
    List<Found> found = new ArrayList<>(oldest);
    return replica.change(
        now,
        world -> {
          int count = 0;
          for (Found one : found) {
            Entry entry = world.jobs.get(one.id);
            if (entry != null && isFree(world, entry) && which.test(entry)) {
              world.vanish(entry, now);
              count++;
            }
          }
          return count;
        });
  }

  private @Nullable JobId collect(
      Predicate<Entry> which, int limit, @Nullable JobId cursor, PriorityQueue<Found> oldest) {
    return replica.read(
            world -> {
              List<Entry> page = world.jobs.after(cursor, PAGE);
              for (Entry entry : page) {
                Extras extras = entry.extrasOrNull();
                Instant finishedAt = extras == null ? null : extras.finishedAt;
                if (finishedAt != null && which.test(entry) && isFree(world, entry)) {
                  oldest.add(new Found(entry.id(), finishedAt));
                }
                if (oldest.size() > limit) {
                  oldest.poll();
                }
              }
              return new Step(0, page.size() < PAGE ? null : page.get(PAGE - 1).id());
            })
        .next;
  }

  private static boolean isFree(World world, Entry entry) {
    return !world.dependents.isNeeded(entry.id());
  }
}
