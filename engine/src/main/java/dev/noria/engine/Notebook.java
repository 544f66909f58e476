package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.JobNotes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the attempts of one job left beside its state. */
final class Notebook {
  private @Nullable Progress progress;
  private final ArrayDeque<Line> log = new ArrayDeque<>();
  private final Map<String, Content> steps = new LinkedHashMap<>();

  /** How far a job is. */
  record Progress(int percent, Content message) {}

  /** A line of its log. */
  record Line(Instant at, Content text) {}

  void progress(Progress value, LiveContents live) {
    if (progress != null) {
      live.drop(progress.message);
    }
    progress = value;
    live.add(value.message);
  }

  void log(List<Line> lines, LiveContents live) {
    for (Line line : lines) {
      log.add(line);
      live.add(line.text);
      if (log.size() > JobNotes.LOG_LINES) {
        live.drop(log.remove().text);
      }
    }
  }

  void step(String name, Content value, LiveContents live) {
    if (steps.putIfAbsent(name, value) == null) {
      live.add(value);
    }
  }

  void drop(LiveContents live) {
    if (progress != null) {
      live.drop(progress.message);
    }
    log.forEach(line -> live.drop(line.text));
    steps.values().forEach(live::drop);
  }

  void count(LiveContents live) {
    if (progress != null) {
      live.add(progress.message);
    }
    log.forEach(line -> live.add(line.text));
    steps.values().forEach(live::add);
  }

  /** A copy that does not change any more. */
  Noted noted() {
    return new Noted(progress, List.copyOf(log), new LinkedHashMap<>(steps));
  }

  /** Notes as they were at one moment, contents not read yet. */
  record Noted(@Nullable Progress progress, List<Line> log, Map<String, Content> steps) {

    static Noted of(JobNotes notes) {
      JobNotes.Progress known = notes.progress();
      List<Line> lines = new ArrayList<>();
      notes.log().forEach(line -> lines.add(new Line(line.at(), Content.of(line.text()))));
      Map<String, Content> steps = new TreeMap<>();
      notes.steps().forEach((name, value) -> steps.put(name, Content.of(value)));
      return new Noted(
          known == null ? null : new Progress(known.percent(), Content.of(known.message())),
          lines,
          steps);
    }

    void write(Out out) {
      Notebook book = new Notebook();
      book.restore(this, new LiveContents());
      book.write(out);
    }

    static Noted read(In in) {
      return Notebook.read(in).noted();
    }

    JobNotes load(Contents contents) {
      List<JobNotes.LogLine> lines = new ArrayList<>();
      for (Line line : log) {
        lines.add(new JobNotes.LogLine(line.at, line.text.loadOrEmpty(contents)));
      }
      Map<String, Bytes> results = new LinkedHashMap<>();
      steps.forEach(
          (name, content) -> {
            // A step that cannot be read must run again.
            Bytes value = content.load(contents);
            if (value != null) {
              results.put(name, value);
            }
          });
      return new JobNotes(
          progress == null
              ? null
              : new JobNotes.Progress(progress.percent, progress.message.loadOrEmpty(contents)),
          lines,
          results);
    }
  }

  /** Takes over what an imported job brings along. */
  void restore(Noted notes, LiveContents live) {
    if (notes.progress != null) {
      progress(notes.progress, live);
    }
    log(notes.log, live);
    notes.steps.forEach((name, value) -> step(name, value, live));
  }

  void write(Out out) {
    out.optional(
        progress,
        value -> {
          out.number(value.percent);
          value.message.write(out);
        });
    out.list(
        log,
        line -> {
          out.precise(line.at);
          line.text.write(out);
        });
    out.list(
        steps.entrySet(),
        step -> {
          out.text(step.getKey());
          step.getValue().write(out);
        });
  }

  static Notebook read(In in) {
    Notebook notebook = new Notebook();
    notebook.progress =
        in.optional(
            () -> {
              int percent = in.integer();
              return new Progress(percent, Content.read(in));
            });
    for (int left = in.size(); left > 0; left--) {
      Instant at = in.precise();
      notebook.log.add(new Line(at, Content.read(in)));
    }
    for (int left = in.size(); left > 0; left--) {
      String name = in.text();
      notebook.steps.put(name, Content.read(in));
    }
    return notebook;
  }
}
