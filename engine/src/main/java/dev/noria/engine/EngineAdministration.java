package dev.noria.engine;

import dev.noria.engine.ChangeCommand.Change;
import dev.noria.engine.PurgeCommand.Found;
import dev.noria.engine.PurgeCommand.Which;
import dev.noria.engine.RemoveCommand.Step;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Administration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes by an operator or the application (C2). */
final class EngineAdministration implements Administration {
  private final Access access;

  EngineAdministration(Access access) {
    this.access = access;
  }

  @Override
  public List<ChangeReceipt> cancel(Collection<JobId> ids, Instant now) {
    return each(Change.CANCEL, ids, 0, now);
  }

  @Override
  public List<ChangeReceipt> delete(Collection<JobId> ids, Instant now) {
    return each(Change.DELETE, ids, 0, now);
  }

  @Override
  public List<ChangeReceipt> reschedule(Collection<JobId> ids, Instant dueAt, Instant now) {
    return each(Change.RESCHEDULE, ids, roundUp(dueAt), now);
  }

  /** Rounds up, so that nothing becomes due early. */
  private static long roundUp(Instant instant) {
    return instant.plusNanos(999_999).toEpochMilli();
  }

  @Override
  public List<ChangeReceipt> reprioritise(Collection<JobId> ids, int priority, Instant now) {
    if (priority < -100 || priority > 100) {
      throw new IllegalArgumentException(
          "Priority " + priority + " is out of range. Expected -100 to 100, higher first.");
    }
    return each(Change.REPRIORITISE, ids, priority, now);
  }

  @Override
  public List<ChangeReceipt> replay(Collection<JobId> ids, Instant now) {
    return each(Change.REPLAY, ids, 0, now);
  }

  private List<ChangeReceipt> each(
      Change change, Collection<JobId> ids, long argument, Instant now) {
    return access.commit(new ChangeCommand(change, List.copyOf(ids), argument, now.toEpochMilli()));
  }

  @Override
  public int purge(
      @Nullable String queue, Set<JobState> states, Instant olderThan, int limit, Instant now) {
    Which which = new Which(queue, Set.copyOf(states), roundUp(olderThan));
    PriorityQueue<Found> oldest = new PriorityQueue<>(Found.OLDEST_FIRST.reversed());
    JobId cursor = null;
    do {
      JobId from = cursor;
      cursor = access.read(world -> which.collect(world, from, limit, oldest));
    } while (cursor != null);
    List<JobId> ids = new ArrayList<>();
    while (!oldest.isEmpty()) {
      ids.add(oldest.remove().id());
    }
    return ids.isEmpty() ? 0 : access.commit(new PurgeCommand(which, ids, now.toEpochMilli()));
  }

  @Override
  public int discardWaiting(String queue, int limit, Instant now) {
    return remove(queue, true, limit, now);
  }

  @Override
  public int clear(String queue, int limit, Instant now) {
    return remove(queue, false, limit, now);
  }

  private int remove(String queue, boolean onlyWaiting, int limit, Instant now) {
    int removed = 0;
    JobId cursor = null;
    do {
      Step rest = new Step(limit - removed, cursor);
      Step step = access.commit(new RemoveCommand(queue, onlyWaiting, rest, now.toEpochMilli()));
      removed += step.count();
      cursor = step.next();
    } while (cursor != null && removed < limit);
    return removed;
  }

  @Override
  public void pause(String queue, Instant now) {
    access.commit(new QueueCommands.Pause(queue, true, now.toEpochMilli()));
  }

  @Override
  public void resume(String queue, Instant now) {
    access.commit(new QueueCommands.Pause(queue, false, now.toEpochMilli()));
  }

  @Override
  public long setPolicy(String queue, QueuePolicy policy, Instant now) {
    return access.commit(new QueueCommands.Policy(queue, policy, now.toEpochMilli()));
  }

  @Override
  public QueuePolicy policy(String queue) {
    return access.read(
        world -> {
          NamedQueue named = world.queues.get(queue);
          return named == null ? QueuePolicy.UNLIMITED : named.policy;
        });
  }
}
