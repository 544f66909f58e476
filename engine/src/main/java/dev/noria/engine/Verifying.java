package dev.noria.engine;

import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares a page of jobs with the side indexes and puts right what is wrong (S5.3). Where a sweep
 * stands is its caller's business, so that looking alone changes nothing.
 */
final class Verifying {
  private static final int PAGE = 1_000;

  private final World world;

  Verifying(World world) {
    this.world = world;
  }

  /** Where the page after that of {@code cursor} starts; null: from the start. */
  @Nullable JobId after(@Nullable JobId cursor, int limit) {
    int most = Math.min(limit, PAGE);
    List<Entry> page = world.jobs.after(cursor, most);
    return page.size() < most ? null : page.get(page.size() - 1).id();
  }

  /** Verifies the page after {@code cursor}, heals it or only counts; returns what was wrong. */
  int verify(@Nullable JobId cursor, int limit, long now, boolean heal) {
    int most = Math.min(limit, PAGE);
    List<Entry> page = world.jobs.after(cursor, most);
    int wrong = 0;
    for (Entry entry : page) {
      wrong += check(entry, now, heal) ? 1 : 0;
    }
    return wrong;
  }

  /** Whether something is wrong with an entry, or was. */
  private boolean check(Entry entry, long now, boolean heal) {
    boolean place = isMisplaced(entry);
    boolean deadline =
        entry.state.isWaiting()
            && entry.deadline() != Entry.NONE
            && !world.deadlines.contains(entry);
    boolean key = entry.key() != null && world.keys.isMissing(entry, now);
    if (heal) {
      if (place) {
        replace(entry);
      }
      if (deadline) {
        world.deadlines.add(entry);
      }
      if (key) {
        world.keys.take(entry, now);
      }
    }
    return place || deadline || key;
  }

  private boolean isMisplaced(Entry entry) {
    Line line = entry.line;
    return switch (entry.state) {
      case BLOCKED -> isUnlinked(entry);
      case SCHEDULED -> !line.queue.scheduled.contains(entry);
      case READY ->
          !line.contains(entry) || (!line.inRing && line.throttledUntil < 0 && !line.isSaturated());
      case RUNNING -> {
        Run run = entry.lease();
        yield run != null && !world.leases.contains(entry, run.expiresAt);
      }
      case COMPLETED, DEAD, CANCELLED ->
          entry.chain == null && !world.dependents.isNeeded(entry.id());
    };
  }

  private void replace(Entry entry) {
    Line line = entry.line;
    switch (entry.state) {
      case BLOCKED -> link(entry);
      case SCHEDULED -> world.waits(entry);
      case READY -> {
        if (!line.contains(entry)) {
          world.waits(entry);
        } else {
          line.queue.ring.offer(line);
          world.outbox.touch(line.queue);
        }
      }
      case RUNNING -> {
        world.leases.remove(entry);
        world.expect(entry, entry.run());
      }
      case COMPLETED, DEAD, CANCELLED -> world.keep(entry);
    }
  }

  /** Whether a BLOCKED job lost an edge to one that it waits for, or nobody would ever tell it. */
  private boolean isUnlinked(Entry entry) {
    boolean told = world.dependents.hasUnsettled() || world.dependents.hasUnsure();
    int open = 0;
    for (JobId id : entry.dependencies().on()) {
      if (!world.dependents.isNaming(id, entry)) {
        return true;
      }
      boolean waits = world.dependents.isBlocking(id, entry);
      open += waits ? 1 : 0;
      if (waits ? !told && isOver(entry, id) : isOpen(id)) {
        return true;
      }
    }
    return open != entry.extras().outstanding || (open == 0 && !told);
  }

  /** Whether a dependency has not ended. */
  private boolean isOpen(JobId id) {
    Entry dependency = world.jobs.get(id);
    return dependency != null && !dependency.state.isFinished();
  }

  /** Whether the end of a dependency, or its absence, decides something for a job. */
  private boolean isOver(Entry entry, JobId id) {
    Entry dependency = world.jobs.get(id);
    boolean holds = entry.dependencies().onFailure() == Dependencies.OnFailure.HOLD;
    if (dependency == null || !dependency.state.isFinished()) {
      return dependency == null && !holds;
    }
    return dependency.state == JobState.COMPLETED || !holds;
  }

  /** Names all dependencies again; waits for all but those that are settled, doubts the others. */
  private void link(Entry entry) {
    List<JobId> on = entry.dependencies().on();
    List<JobId> open = on.stream().filter(id -> !isSettled(entry, id)).toList();
    // Somebody has to tell the last one: it is settled once more.
    List<JobId> told = open.isEmpty() ? on.subList(0, 1) : open;
    world.dependents.enlist(entry);
    for (JobId id : told) {
      world.dependents.block(entry, id);
      if (!isOpen(id)) {
        world.dependents.unsure(entry, id);
      }
    }
    entry.extras().outstanding = told.size();
  }

  private boolean isSettled(Entry entry, JobId id) {
    return world.dependents.isNaming(id, entry)
        && !world.dependents.isBlocking(id, entry)
        && !isOpen(id);
  }
}
