package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.JobNotes;
import dev.noria.job.JobStatus;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A job as it was at one moment; its contents are read later, without the lock. */
record Shown(
    NewJob job,
    JobStatus status,
    Body body,
    @Nullable Content result,
    List<Attempt> history,
    Notebook.@Nullable Noted notes) {

  static Shown of(Entry entry) {
    Extras extras = entry.extras;
    Notebook notes = extras == null ? null : extras.notesOrNull();
    return new Shown(
        job(entry),
        status(entry),
        entry.body(),
        extras == null ? null : extras.result,
        extras == null ? List.of() : extras.history(),
        notes == null ? null : notes.noted());
  }

  static @Nullable Instant instant(long millis) {
    return millis == Entry.NONE ? null : Instant.ofEpochMilli(millis);
  }

  private static NewJob job(Entry entry) {
    Shape shape = entry.shape;
    return new NewJob(
        entry.id(),
        shape.type,
        entry.queue(),
        Bytes.EMPTY,
        Map.of(),
        instant(entry.askedAt),
        shape.priority,
        shape.lifo,
        entry.group(),
        shape.limitKey,
        entry.key(),
        entry.dependencies(),
        shape.maxAttempts,
        shape.timeout,
        instant(entry.deadline()),
        shape.retention,
        shape.awaited);
  }

  private static JobStatus status(Entry entry) {
    Run run = entry.run;
    Extras extras = entry.extras;
    boolean leased = run != null && run.leased;
    return new JobStatus(
        entry.state,
        Instant.ofEpochMilli(entry.enqueuedAt),
        Instant.ofEpochMilli(entry.dueAt),
        extras == null ? null : instant(extras.finishedAt),
        entry.attempt(),
        run == null ? 0 : run.crashes,
        run == null ? 0 : run.epoch,
        entry.generation(),
        run == null ? null : run.reason,
        entry.isCancelRequested(),
        run != null && leased ? run.owner : null,
        run != null && leased ? Instant.ofEpochMilli(run.expiresAt) : null);
  }

  /** Reads what was asked for; bytes that are gone or damaged are shown as none. */
  StoredJob load(Set<Part> parts, Contents contents) {
    boolean needed = parts.contains(Part.PAYLOAD) || body.headerSize > 0 || body.held() != null;
    Body.Loaded loaded = needed ? body.load(contents) : null;
    Body.Loaded shown = loaded == null ? Body.Loaded.EMPTY : loaded;
    Bytes payload = parts.contains(Part.PAYLOAD) ? shown.payload() : Bytes.EMPTY;
    return new StoredJob(
        with(payload, shown.headers()),
        status,
        result == null || !parts.contains(Part.RESULT) ? null : result.load(contents),
        parts.contains(Part.HISTORY)
            ? history.stream().map(attempt -> attempt.load(contents)).toList()
            : List.of(),
        notes == null || !parts.contains(Part.NOTES) ? JobNotes.NONE : notes.load(contents));
  }

  private NewJob with(Bytes payload, Map<String, String> headers) {
    return payload.isEmpty() && headers.isEmpty() ? job : Wire.with(job, payload, headers);
  }
}
