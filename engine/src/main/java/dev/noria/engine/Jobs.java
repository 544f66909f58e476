package dev.noria.engine;

import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import java.time.Instant;
import java.util.Map;

/** Changes of what a waiting job was enqueued with. */
final class Jobs {
  private Jobs() {}

  /** Gives a waiting job another due instant, with whatever else changed in it. */
  static void redue(World world, Entry entry, NewJob changed, Instant now) {
    entry.job = changed;
    Instant runAt = entry.runAt();
    switch (entry.state) {
      case BLOCKED -> entry.dueAt = runAt;
      case SCHEDULED -> world.waitUntil(entry, runAt, now);
      case READY -> {
        if (runAt.isAfter(now)) {
          world.waitUntil(entry, runAt, now);
        }
      }
      default -> throw new IllegalStateException("Job " + entry.id() + " does not wait.");
    }
  }

  /** Gives a waiting job another priority, and its place there. */
  static void reprioritise(World world, Entry entry, int priority) {
    NewJob changed = entry.job.toBuilder().priority(priority).build();
    if (entry.state == JobState.READY) {
      entry.line.remove(entry);
      entry.job = changed;
      world.waits(entry);
    } else {
      entry.job = changed;
    }
  }

  /** The same job with these headers and no others. */
  static NewJob withHeaders(NewJob job, Map<String, String> headers) {
    return new NewJob(
        job.id(),
        job.type(),
        job.queue(),
        job.payload(),
        headers,
        job.runAt(),
        job.priority(),
        job.lifo(),
        job.group(),
        job.limitKey(),
        job.key(),
        job.dependencies(),
        job.maxAttempts(),
        job.timeout(),
        job.deadline(),
        job.retention(),
        job.awaited());
  }

  /** The same job with other dependencies. */
  static NewJob withDependencies(NewJob job, dev.noria.job.Dependencies dependencies) {
    return job.toBuilder().dependencies(dependencies).build();
  }
}
