package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.job.Reasons;
import dev.noria.storage.Administration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Changes by an operator or the application (C2). */
final class EngineAdministration implements Administration {
  private final Replica replica;
  private final Engine engine;

  EngineAdministration(Replica replica, Engine engine) {
    this.replica = replica;
    this.engine = engine;
  }

  @Override
  public List<ChangeReceipt> cancel(Collection<JobId> ids, Instant now) {
    return each(ids, now, world -> entry -> cancel(world, entry, now));
  }

  private static ChangeStatus cancel(World world, Entry entry, Instant now) {
    Run run = entry.run;
    if (run != null) {
      run.cancelRequested = true;
      world.outbox.cancelRequested(entry.id());
      return ChangeStatus.REQUESTED;
    }
    if (entry.state.isFinished()) {
      return ChangeStatus.ALREADY_FINISHED;
    }
    world.end(entry, JobState.CANCELLED, Reasons.CANCELLED, now);
    return ChangeStatus.APPLIED;
  }

  @Override
  public List<ChangeReceipt> delete(Collection<JobId> ids, Instant now) {
    return each(ids, now, world -> entry -> delete(world, entry, now));
  }

  private static ChangeStatus delete(World world, Entry entry, Instant now) {
    if (entry.state == JobState.RUNNING) {
      return ChangeStatus.RUNNING;
    }
    Removing.delete(world, entry, now);
    return ChangeStatus.APPLIED;
  }

  @Override
  public List<ChangeReceipt> reschedule(Collection<JobId> ids, Instant dueAt, Instant now) {
    return each(
        ids,
        now,
        world ->
            waiting(
                entry -> {
                  NewJob changed = entry.job.toBuilder().runAt(dueAt).build();
                  Jobs.redue(world, entry, changed, now);
                }));
  }

  @Override
  public List<ChangeReceipt> reprioritise(Collection<JobId> ids, int priority, Instant now) {
    return each(ids, now, world -> waiting(entry -> Jobs.reprioritise(world, entry, priority)));
  }

  /** A change that is for waiting jobs only. */
  private static Function<Entry, ChangeStatus> waiting(Consumer<Entry> change) {
    return entry -> {
      if (entry.state == JobState.RUNNING) {
        return ChangeStatus.RUNNING;
      }
      if (entry.state.isFinished()) {
        return ChangeStatus.ALREADY_FINISHED;
      }
      change.accept(entry);
      return ChangeStatus.APPLIED;
    };
  }

  @Override
  public List<ChangeReceipt> replay(Collection<JobId> ids, Instant now) {
    return each(ids, now, world -> entry -> Replaying.replay(world, entry, now));
  }

  private List<ChangeReceipt> each(
      Collection<JobId> ids, Instant now, Function<World, Function<Entry, ChangeStatus>> change) {
    return replica.change(
        now,
        world -> {
          Function<Entry, ChangeStatus> one = change.apply(world);
          List<ChangeReceipt> receipts = new ArrayList<>(ids.size());
          for (JobId id : ids) {
            Entry entry = world.jobs.get(id);
            ChangeStatus status = entry == null ? ChangeStatus.UNKNOWN : one.apply(entry);
            receipts.add(new ChangeReceipt(id, status));
          }
          engine.settle(now);
          return receipts;
        });
  }

  @Override
  public int purge(
      @Nullable String queue, Set<JobState> states, Instant olderThan, int limit, Instant now) {
    return new Removing(replica, engine, now)
        .purge(entry -> isPurgeable(entry, queue, states, olderThan), limit);
  }

  private static boolean isPurgeable(
      Entry entry, @Nullable String queue, Set<JobState> states, Instant olderThan) {
    if (!entry.state.isFinished() || !states.contains(entry.state)) {
      return false;
    }
    Instant finishedAt = entry.extras().finishedAt;
    boolean old = finishedAt != null && finishedAt.isBefore(olderThan);
    return old && (queue == null || queue.equals(entry.job.queue()));
  }

  @Override
  public int discardWaiting(String queue, int limit, Instant now) {
    return new Removing(replica, engine, now)
        .remove(
            entry ->
                (entry.state == JobState.READY || entry.state == JobState.SCHEDULED)
                    && entry.job.queue().equals(queue),
            limit);
  }

  @Override
  public int clear(String queue, int limit, Instant now) {
    return new Removing(replica, engine, now)
        .remove(entry -> entry.state != JobState.RUNNING && entry.job.queue().equals(queue), limit);
  }

  @Override
  public void pause(String queue, Instant now) {
    replica.change(now, world -> world.queue(queue).paused = true);
  }

  @Override
  public void resume(String queue, Instant now) {
    replica.change(
        now,
        world -> {
          NamedQueue named = world.queue(queue);
          named.paused = false;
          world.outbox.resumed(named);
          return named;
        });
  }

  @Override
  public long setPolicy(String queue, QueuePolicy policy, Instant now) {
    return replica.change(
        now,
        world -> {
          NamedQueue named = world.queue(queue);
          named.use(policy, now);
          world.outbox.touch(named);
          return ++world.policyVersion;
        });
  }

  @Override
  public QueuePolicy policy(String queue) {
    return replica.read(
        world -> {
          NamedQueue named = world.queues.get(queue);
          return named == null ? QueuePolicy.UNLIMITED : named.policy;
        });
  }
}
