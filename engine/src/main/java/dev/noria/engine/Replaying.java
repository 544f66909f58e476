package dev.noria.engine;

import dev.noria.job.JobKey;
import dev.noria.storage.Administration.ChangeStatus;
import java.time.Instant;

/** Makes a finished job due again, as a new generation (C2.5). */
final class Replaying {
  private Replaying() {}

  static ChangeStatus replay(World world, Entry entry, Instant now) {
    if (!entry.state.isFinished()) {
      return ChangeStatus.NOT_FINISHED;
    }
    if (!takeKey(world, entry, now)) {
      return ChangeStatus.KEY_TAKEN;
    }
    reset(entry, now);
    entry.line = entry.line.queue.line(entry.job.group(), now);
    entry.line.members++;
    entry.placed = false;
    world.ready(entry, now);
    return ChangeStatus.APPLIED;
  }

  private static boolean takeKey(World world, Entry entry, Instant now) {
    JobKey key = entry.job.key();
    Keys.Name name = Keys.Name.of(entry);
    if (key == null || name == null) {
      return true;
    }
    Keys.Hold hold = world.keys.holding(name, now);
    if (hold == null) {
      world.keys.take(entry, now);
    }
    return hold == null || hold.holder().equals(entry.id());
  }

  private static void reset(Entry entry, Instant now) {
    entry.generation++;
    entry.attempt = 0;
    entry.crashes = 0;
    entry.reason = null;
    entry.job = entry.job.toBuilder().runAt(now).build();
    Extras extras = entry.extrasOrNull();
    if (extras != null) {
      extras.finishedAt = null;
      extras.result = null;
      extras.retention = null;
    }
  }
}
