package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Deletes finished jobs that were found to have ended first (C2.6). */
final class PurgeCommand extends Command<Integer> {
  private final Which which;
  private final List<JobId> ids;

  PurgeCommand(Which which, List<JobId> ids, long now) {
    super(now);
    this.which = which;
    this.ids = ids;
  }

  /** Which jobs may go. */
  record Which(@Nullable String queue, Set<JobState> states, long olderThan) {

    private boolean includes(World world, Entry entry) {
      if (!entry.state.isFinished() || !states.contains(entry.state)) {
        return false;
      }
      long finishedAt = entry.extras().finishedAt;
      boolean old = finishedAt != Entry.NONE && finishedAt < olderThan;
      return old
          && (queue == null || queue.equals(entry.queue()))
          && !world.dependents.isNeeded(entry.id());
    }

    /** Collects those of one page that ended first; returns where the next page starts. */
    @Nullable JobId collect(
        World world, @Nullable JobId cursor, int limit, PriorityQueue<Found> oldest) {
      List<Entry> page = world.jobs.after(cursor, RemoveCommand.PAGE);
      for (Entry entry : page) {
        if (includes(world, entry)) {
          oldest.add(new Found(entry.id(), entry.extras().finishedAt));
        }
        if (oldest.size() > limit) {
          oldest.poll();
        }
      }
      return page.size() < RemoveCommand.PAGE ? null : page.get(page.size() - 1).id();
    }
  }

  /** A finished job that may go. */
  record Found(JobId id, long finishedAt) {
    static final Comparator<Found> OLDEST_FIRST =
        Comparator.comparingLong(Found::finishedAt).thenComparing(Found::id);
  }

  @Override
  Kind kind() {
    return Kind.PURGE;
  }

  @Override
  void write(Out out) {
    out.optional(which.queue, out::name);
    out.list(new TreeSet<>(which.states), state -> out.choice(state, Wire.STATES));
    out.number(which.olderThan);
    out.list(ids, out::id);
  }

  static PurgeCommand read(In in, long now) {
    String queue = in.optional(in::name);
    Set<JobState> states = Set.copyOf(in.list(() -> in.choice(Wire.STATES)));
    Which which = new Which(queue, states, in.number());
    return new PurgeCommand(which, new ArrayList<>(in.list(in::id)), now);
  }

  @Override
  Integer run(Engine engine) {
    int count = 0;
    for (JobId id : ids) {
      Entry entry = engine.world.jobs.get(id);
      if (entry != null && which.includes(engine.world, entry)) {
        engine.world.vanish(entry, now);
        count++;
      }
    }
    return count;
  }
}
