package dev.noria.engine;

import dev.noria.job.JobKey;
import dev.noria.storage.Administration.ChangeStatus;

/** Makes a finished job due again, as a new generation (C2.5). */
final class Replaying {
  private Replaying() {}

  static ChangeStatus replay(World world, Entry entry, long now) {
    if (!entry.state.isFinished()) {
      return ChangeStatus.NOT_FINISHED;
    }
    if (!takeKey(world, entry, now)) {
      return ChangeStatus.KEY_TAKEN;
    }
    reset(world, entry, now);
    entry.line = entry.line.queue.line(entry.group(), now);
    entry.line.members++;
    world.ready(entry, now);
    return ChangeStatus.APPLIED;
  }

  private static boolean takeKey(World world, Entry entry, long now) {
    JobKey key = entry.key();
    Keys.Name name = Keys.Name.of(entry);
    if (key == null || name == null) {
      return true;
    }
    Keys.Hold hold = world.keys.holding(name, now);
    if (hold == null) {
      world.keys.take(entry, now);
    }
    return hold == null || entry.is(hold.holder());
  }

  private static void reset(World world, Entry entry, long now) {
    Run run = entry.run();
    run.generation++;
    run.attempt = 0;
    run.crashes = 0;
    run.reason = null;
    entry.askedAt = now;
    Extras extras = entry.extras;
    if (extras != null) {
      extras.placed = false;
      extras.finishedAt = Entry.NONE;
      extras.result(null, world.live);
      extras.retention = null;
    }
  }
}
