package dev.noria.engine;

import dev.noria.job.JobState;
import dev.noria.job.NewJob;

/** Changes of what a waiting job was enqueued with. */
final class Jobs {
  private Jobs() {}

  /** Gives a waiting job another due instant. */
  static void redue(World world, Entry entry, long runAt, long now) {
    entry.askedAt = runAt;
    switch (entry.state) {
      case BLOCKED -> entry.dueAt = runAt;
      case SCHEDULED -> world.waitUntil(entry, runAt, now);
      case READY -> {
        if (runAt > now) {
          world.waitUntil(entry, runAt, now);
        }
      }
      default -> throw new IllegalStateException("Job " + entry.id() + " does not wait.");
    }
  }

  /** Gives a waiting job another priority, and its place there. */
  static void reprioritise(World world, Entry entry, int priority) {
    NewJob changed = entry.shape.job().toBuilder().priority(priority).build();
    boolean ready = entry.state == JobState.READY;
    if (ready) {
      entry.line.remove(entry);
    }
    world.shapes.release(entry.shape);
    entry.shape = world.shapes.use(changed);
    if (ready) {
      world.waits(entry);
    }
  }
}
