package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.Administration.ChangeReceipt;
import dev.noria.storage.Administration.ChangeStatus;
import java.util.ArrayList;
import java.util.List;

/** Changes single jobs, by an operator or the application (C2.1 to C2.5). */
final class ChangeCommand extends Command<List<ChangeReceipt>> {
  private final Change change;
  private final List<JobId> ids;

  /** The new due instant or priority; else 0. */
  private final long argument;

  /** What is done to each job. The order is part of the format. */
  enum Change {
    CANCEL,
    DELETE,
    RESCHEDULE,
    REPRIORITISE,
    REPLAY;

    static final List<Change> ALL = List.of(values());
  }

  ChangeCommand(Change change, List<JobId> ids, long argument, long now) {
    super(now);
    this.change = change;
    this.ids = ids;
    this.argument = argument;
  }

  @Override
  Kind kind() {
    return Kind.CHANGE;
  }

  @Override
  void write(Out out) {
    out.choice(change, Change.ALL);
    out.number(argument);
    out.list(ids, out::id);
  }

  static ChangeCommand read(In in, long now) {
    Change change = in.choice(Change.ALL);
    long argument = in.number();
    return new ChangeCommand(change, in.list(in::id), argument, now);
  }

  @Override
  List<ChangeReceipt> run(Engine engine) {
    List<ChangeReceipt> receipts = new ArrayList<>(ids.size());
    for (JobId id : ids) {
      Entry entry = engine.world.jobs.get(id);
      ChangeStatus status = entry == null ? ChangeStatus.UNKNOWN : one(engine.world, entry);
      receipts.add(new ChangeReceipt(id, status));
    }
    engine.settle(now);
    return receipts;
  }

  private ChangeStatus one(World world, Entry entry) {
    return switch (change) {
      case CANCEL -> cancel(world, entry);
      case DELETE -> delete(world, entry);
      case RESCHEDULE, REPRIORITISE -> waiting(world, entry);
      case REPLAY -> Replaying.replay(world, entry, now);
    };
  }

  private ChangeStatus cancel(World world, Entry entry) {
    Run run = entry.lease();
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

  private ChangeStatus delete(World world, Entry entry) {
    if (entry.state == JobState.RUNNING) {
      return ChangeStatus.RUNNING;
    }
    RemoveCommand.delete(world, entry, now);
    return ChangeStatus.APPLIED;
  }

  private ChangeStatus waiting(World world, Entry entry) {
    if (entry.state == JobState.RUNNING) {
      return ChangeStatus.RUNNING;
    }
    if (entry.state.isFinished()) {
      return ChangeStatus.ALREADY_FINISHED;
    }
    if (change == Change.RESCHEDULE) {
      Jobs.redue(world, entry, argument, now);
    } else {
      Jobs.reprioritise(world, entry, (int) argument);
    }
    return ChangeStatus.APPLIED;
  }
}
