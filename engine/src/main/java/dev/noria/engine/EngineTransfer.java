package dev.noria.engine;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.NewJob;
import dev.noria.job.Page;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Transfer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moving everything that is stored (C9). */
final class EngineTransfer implements Transfer {
  private final Replica replica;

  EngineTransfer(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Page<StoredJob> export(@Nullable String cursor, int limit) {
    Capabilities.checkLimit(limit);
    JobId after = cursor == null ? null : JobId.parse(cursor);
    return replica.read(
        world -> {
          List<Entry> page = world.jobs.after(after, limit);
          String next = page.size() < limit ? null : page.get(limit - 1).id().toString();
          EnumSet<Part> parts = EnumSet.allOf(Part.class);
          return new Page<>(page.stream().map(entry -> entry.stored(parts)).toList(), next);
        });
  }

  @Override
  public List<EnqueueReceipt> restore(List<StoredJob> jobs, Instant now) {
    return replica.change(
        now,
        world -> {
          List<EnqueueReceipt> receipts = new ArrayList<>(jobs.size());
          for (StoredJob job : jobs) {
            Entry existing = world.jobs.get(job.id());
            receipts.add(
                existing == null
                    ? restore(world, job, now)
                    : EnqueueReceipt.duplicate(job.id(), existing.state));
          }
          return receipts;
        });
  }

  private static EnqueueReceipt restore(World world, StoredJob stored, Instant now) {
    NewJob job = stored.job();
    JobStatus status = stored.status();
    boolean ran = status.state() == JobState.RUNNING;
    JobState state = ran ? JobState.READY : status.state();
    Line line = world.queue(job.queue()).line(job.group(), now);
    Entry entry = new Entry(job, line, state, status.enqueuedAt());
    entry.dueAt = status.dueAt();
    entry.sequence = world.places(1);
    entry.epoch = status.epoch();
    entry.attempt = status.attempt() - (ran ? 1 : 0);
    entry.crashes = status.crashes();
    entry.generation = status.generation();
    entry.reason = status.reason();
    restoreRest(entry, stored);
    world.insert(entry);
    world.events.record(entry, null, state, now);
    place(world, entry, now);
    return EnqueueReceipt.enqueued(job.id());
  }

  private static void restoreRest(Entry entry, StoredJob stored) {
    boolean plain =
        stored.result() == null
            && stored.history().isEmpty()
            && stored.status().finishedAt() == null
            && stored.notes().equals(dev.noria.job.JobNotes.NONE);
    if (!plain) {
      Extras extras = entry.extras();
      extras.finishedAt = stored.status().finishedAt();
      extras.result = stored.result();
      extras.restore(stored.history(), stored.notes());
    }
  }

  private static void place(World world, Entry entry, Instant now) {
    JobKey key = entry.job.key();
    Keys.Name name = Keys.Name.of(entry);
    if (key != null && name != null && world.keys.holding(name, now) == null) {
      boolean window = key.policy().window() != null;
      if (window || Keys.isEntitled(key.policy().until(), entry.state)) {
        world.keys.take(entry, entry.enqueuedAt);
      }
    }
    if (entry.state.isFinished()) {
      world.retention.add(entry, World.keptUntil(entry));
    } else if (entry.state == JobState.BLOCKED) {
      for (JobId id : entry.job.dependencies().on()) {
        world.dependents.block(entry, id);
        world.dependents.unsure(entry, id);
      }
    }
  }
}
