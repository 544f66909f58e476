package dev.noria.engine;

import dev.noria.engine.Notebook.Noted;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.StoredJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stores jobs as they were exported (C9.2). */
final class RestoreCommand extends Command<List<EnqueueReceipt>> {
  private final List<Imported> jobs;

  RestoreCommand(List<Imported> jobs, long now) {
    super(now);
    this.jobs = jobs;
  }

  /** A job from elsewhere. */
  record Imported(
      Draft draft,
      JobStatus status,
      @Nullable Content result,
      List<Attempt> history,
      @Nullable Noted notes) {

    static List<Imported> of(List<StoredJob> jobs) {
      List<Imported> own = new ArrayList<>(jobs.size());
      for (StoredJob job : jobs) {
        own.add(
            new Imported(
                new Draft(job.job(), null),
                job.status(),
                job.result() == null ? null : Content.of(job.result()),
                job.history().stream().map(Attempt::of).toList(),
                job.notes().equals(JobNotes.NONE) ? null : Noted.of(job.notes())));
      }
      return own;
    }

    private void write(Out out) {
      Wire.job(out, draft.job());
      out.choice(status.state(), Wire.STATES);
      out.instant(status.enqueuedAt());
      out.instant(status.dueAt());
      out.optional(status.finishedAt(), out::instant);
      out.number(status.attempt());
      out.number(status.crashes());
      out.number(status.epoch());
      out.number(status.generation());
      out.optional(status.reason(), out::name);
      out.optional(result, content -> out.content(content.loadOrEmpty(Contents.NONE)));
      out.list(history, attempt -> attempt.write(out));
      out.optional(notes, known -> known.write(out));
    }

    private static Imported read(In in) {
      Draft draft = Wire.draft(in);
      JobState state = in.choice(Wire.STATES);
      Instant enqueuedAt = in.instant();
      Instant dueAt = in.instant();
      Instant finishedAt = in.optional(in::instant);
      int attempt = in.integer();
      int crashes = in.integer();
      long epoch = in.number();
      int generation = in.integer();
      String reason = in.optional(in::name);
      JobStatus status =
          new JobStatus(
              state,
              enqueuedAt,
              dueAt,
              finishedAt,
              attempt,
              crashes,
              epoch,
              generation,
              reason,
              false,
              null,
              null);
      Content result = in.optional(in::content);
      List<Attempt> history = in.list(() -> Attempt.read(in));
      return new Imported(draft, status, result, history, in.optional(() -> Noted.read(in)));
    }
  }

  @Override
  Kind kind() {
    return Kind.RESTORE;
  }

  @Override
  void write(Out out) {
    out.list(jobs, job -> job.write(out));
  }

  static RestoreCommand read(In in, long now) {
    return new RestoreCommand(in.list(() -> Imported.read(in)), now);
  }

  @Override
  List<EnqueueReceipt> run(Engine engine) {
    World world = engine.world;
    List<EnqueueReceipt> receipts = new ArrayList<>(jobs.size());
    for (Imported job : jobs) {
      JobId id = job.draft.job().id();
      Entry existing = world.jobs.get(id);
      if (existing == null) {
        restore(world, job);
      }
      receipts.add(
          existing == null
              ? EnqueueReceipt.enqueued(id)
              : EnqueueReceipt.duplicate(id, existing.state));
    }
    return receipts;
  }

  private void restore(World world, Imported imported) {
    JobStatus status = imported.status;
    var job = imported.draft.job();
    boolean ran = status.state() == JobState.RUNNING;
    Line line = world.queue(job.queue()).line(job.group(), now);
    Entry entry =
        Entry.of(imported.draft, world.shapes.use(job), line, status.enqueuedAt().toEpochMilli());
    entry.state = ran ? JobState.READY : status.state();
    entry.dueAt = status.dueAt().toEpochMilli();
    entry.sequence = world.places(1);
    boolean touched = status.attempt() != 0 || status.crashes() != 0 || status.reason() != null;
    if (touched || status.epoch() != 0 || status.generation() != 0) {
      Run run = entry.run();
      run.epoch = status.epoch();
      run.attempt = status.attempt() - (ran ? 1 : 0);
      run.crashes = status.crashes();
      run.generation = status.generation();
      run.reason = status.reason();
    }
    restoreRest(world, entry, imported);
    world.insert(entry);
    world.events.record(entry, null, entry.state, now);
    place(world, entry);
  }

  private static void restoreRest(World world, Entry entry, Imported imported) {
    Instant finishedAt = imported.status.finishedAt();
    if (finishedAt != null) {
      entry.extras().finishedAt = finishedAt.toEpochMilli();
    }
    if (imported.result != null) {
      entry.extras().result(imported.result, world.live);
    }
    imported.history.forEach(attempt -> entry.extras().failed(attempt, world.live));
    if (imported.notes != null) {
      entry.extras().notes().restore(imported.notes, world.live);
    }
  }

  private void place(World world, Entry entry) {
    JobKey key = entry.key();
    Keys.Name name = Keys.Name.of(entry);
    if (key != null && name != null && world.keys.holding(name, now) == null) {
      boolean window = key.policy().window() != null;
      if (window || Keys.isEntitled(key.policy().until(), entry.state)) {
        world.keys.take(entry, entry.enqueuedAt);
      }
    }
    if (entry.state.isFinished()) {
      world.keep(entry);
    } else if (entry.state == JobState.BLOCKED) {
      for (JobId id : entry.dependencies().on()) {
        world.dependents.block(entry, id);
        world.dependents.unsure(entry, id);
      }
    }
  }
}
