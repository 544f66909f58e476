package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.storage.Lease;
import dev.noria.storage.Notes;
import java.util.List;

/** What attempts leave beside their job (C4). */
final class EngineNotes implements Notes {
  private final Access access;

  EngineNotes(Access access) {
    this.access = access;
  }

  @Override
  public boolean progress(Lease lease, JobNotes.Progress progress) {
    return access.commit(new NoteCommand(lease, NoteCommand.Far.of(progress)));
  }

  @Override
  public boolean log(Lease lease, List<JobNotes.LogLine> lines) {
    return access.commit(new NoteCommand(lease, NoteCommand.Lines.of(lines)));
  }

  @Override
  public boolean step(Lease lease, String name, Bytes result) {
    access.checkSize("The result of a step", result.size());
    return access.commit(new NoteCommand(lease, new NoteCommand.Step(name, Content.of(result))));
  }

  @Override
  public JobNotes notes(JobId id) {
    Notebook.Noted noted =
        access.read(
            world -> {
              Entry entry = world.jobs.get(id);
              Extras extras = entry == null ? null : entry.extras;
              Notebook notes = extras == null ? null : extras.notesOrNull();
              return notes == null ? null : notes.noted();
            });
    return noted == null ? JobNotes.NONE : noted.load(access.contents());
  }
}
