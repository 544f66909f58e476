package dev.noria.engine;

import dev.noria.engine.Notebook.Line;
import dev.noria.engine.Notebook.Progress;
import dev.noria.job.Bytes;
import dev.noria.job.JobNotes;
import dev.noria.storage.Lease;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An attempt leaves something beside its job (C4); replies whether its lease is current. */
final class NoteCommand extends Command<Boolean> {
  private final Lease lease;
  private final Note note;

  NoteCommand(Lease lease, Note note) {
    super(0);
    this.lease = lease;
    this.note = note;
  }

  /** What is left. */
  interface Note {
    Kind kind();

    void write(Out out);

    void leave(Notebook notes, LiveContents live);
  }

  /** How far the attempt is. */
  record Far(Progress progress) implements Note {
    static Far of(JobNotes.Progress progress) {
      return new Far(new Progress(progress.percent(), Content.of(progress.message())));
    }

    @Override
    public Kind kind() {
      return Kind.PROGRESS;
    }

    @Override
    public void write(Out out) {
      out.number(progress.percent());
      out.content(held(progress.message()));
    }

    static Far read(In in) {
      int percent = in.integer();
      return new Far(new Progress(percent, in.content()));
    }

    @Override
    public void leave(Notebook notes, LiveContents live) {
      notes.progress(progress, live);
    }
  }

  /** Lines of its log. */
  record Lines(List<Line> lines) implements Note {
    static Lines of(List<JobNotes.LogLine> lines) {
      List<Line> own = new ArrayList<>(lines.size());
      lines.forEach(line -> own.add(new Line(line.at(), Content.of(line.text()))));
      return new Lines(own);
    }

    @Override
    public Kind kind() {
      return Kind.LOG;
    }

    @Override
    public void write(Out out) {
      out.list(
          lines,
          line -> {
            out.precise(line.at());
            out.content(held(line.text()));
          });
    }

    static Lines read(In in) {
      return new Lines(
          in.list(
              () -> {
                Instant at = in.precise();
                return new Line(at, in.content());
              }));
    }

    @Override
    public void leave(Notebook notes, LiveContents live) {
      notes.log(lines, live);
    }
  }

  /** The result of a step. */
  record Step(String name, Content result) implements Note {
    @Override
    public Kind kind() {
      return Kind.STEP;
    }

    @Override
    public void write(Out out) {
      out.text(name);
      out.content(held(result));
    }

    static Step read(In in) {
      String name = in.text();
      return new Step(name, in.content());
    }

    @Override
    public void leave(Notebook notes, LiveContents live) {
      notes.step(name, result, live);
    }
  }

  private static Bytes held(Content content) {
    return content.loadOrEmpty(Contents.NONE);
  }

  @Override
  Kind kind() {
    return note.kind();
  }

  @Override
  void write(Out out) {
    Wire.lease(out, lease);
    note.write(out);
  }

  static NoteCommand read(In in, Kind kind) {
    Lease lease = Wire.lease(in);
    Note note =
        switch (kind) {
          case PROGRESS -> Far.read(in);
          case LOG -> Lines.read(in);
          default -> Step.read(in);
        };
    return new NoteCommand(lease, note);
  }

  @Override
  Boolean run(Engine engine) {
    Entry entry = engine.world.leased(lease);
    if (entry != null) {
      note.leave(entry.extras().notes(), engine.world.live);
    }
    return entry != null;
  }

  @Override
  Optional<Boolean> answer(Engine engine) {
    return engine.world.leased(lease) == null ? Optional.of(false) : Optional.empty();
  }
}
