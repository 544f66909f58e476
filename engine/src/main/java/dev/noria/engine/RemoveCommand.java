package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes waiting jobs, or all that do not run, of one page of a queue (C2.7, C2.10). */
final class RemoveCommand extends Command<RemoveCommand.Step> {
  /** How many jobs are looked at in one unit, so that others get their turn. */
  static final int PAGE = 5_000;

  private final String queue;
  private final boolean onlyWaiting;
  private final int limit;
  private final @Nullable JobId cursor;

  RemoveCommand(String queue, boolean onlyWaiting, Step limit, long now) {
    super(now);
    this.queue = queue;
    this.onlyWaiting = onlyWaiting;
    this.limit = limit.count;
    this.cursor = limit.next;
  }

  /** What a page gave or may give, and where the next one starts. */
  record Step(int count, @Nullable JobId next) {}

  @Override
  Kind kind() {
    return Kind.REMOVE;
  }

  @Override
  void write(Out out) {
    out.name(queue);
    out.flag(onlyWaiting);
    out.number(limit);
    out.optional(cursor, out::id);
  }

  static RemoveCommand read(In in, long now) {
    String queue = in.name();
    boolean onlyWaiting = in.flag();
    int limit = in.integer();
    return new RemoveCommand(queue, onlyWaiting, new Step(limit, in.optional(in::id)), now);
  }

  @Override
  Step run(Engine engine) {
    World world = engine.world;
    List<Entry> page = world.jobs.after(cursor, PAGE);
    int count = 0;
    for (Entry entry : page) {
      // A deletion may take others along: a dependency that only this job kept.
      if (count < limit && isMeant(entry) && world.jobs.get(entry.id()) == entry) {
        delete(world, entry, now);
        count++;
      }
    }
    engine.settle(now);
    return new Step(count, page.size() < PAGE ? null : page.get(PAGE - 1).id());
  }

  private boolean isMeant(Entry entry) {
    boolean kind =
        onlyWaiting
            ? entry.state == JobState.READY || entry.state == JobState.SCHEDULED
            : entry.state != JobState.RUNNING;
    return kind && entry.queue().equals(queue);
  }

  /** Deletes a job that does not run; if it waited, it is cancelled first. */
  static void delete(World world, Entry entry, long now) {
    if (entry.state.isWaiting()) {
      entry.reason(Reasons.CANCELLED);
      world.move(entry, JobState.CANCELLED, now);
    }
    world.vanish(entry, now);
  }
}
