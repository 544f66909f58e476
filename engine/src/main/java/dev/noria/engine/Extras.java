package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobNotes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What only few jobs have, so that the others need no room for it. */
final class Extras {
  @Nullable Instant finishedAt;
  @Nullable Bytes result;

  /** Given by the ack; null: as the job says. */
  @Nullable Duration retention;

  /** How many dependencies have not ended yet. */
  int outstanding;

  private List<FailedAttempt> history = List.of();
  private JobNotes.@Nullable Progress progress;
  private @Nullable ArrayDeque<JobNotes.LogLine> log;
  private @Nullable Map<String, Bytes> steps;

  List<FailedAttempt> history() {
    return history;
  }

  /** Keeps the first and the last nine (S3.5). */
  void failed(FailedAttempt attempt) {
    List<FailedAttempt> longer = new ArrayList<>(history);
    longer.add(attempt);
    if (longer.size() > FailedAttempt.KEPT) {
      longer.remove(1);
    }
    history = longer;
  }

  void progress(JobNotes.Progress value) {
    progress = value;
  }

  void log(List<JobNotes.LogLine> lines) {
    ArrayDeque<JobNotes.LogLine> kept = log;
    if (kept == null) {
      kept = new ArrayDeque<>();
      log = kept;
    }
    for (JobNotes.LogLine line : lines) {
      kept.add(line);
      if (kept.size() > JobNotes.LOG_LINES) {
        kept.remove();
      }
    }
  }

  void step(String name, Bytes value) {
    Map<String, Bytes> kept = steps;
    if (kept == null) {
      kept = new LinkedHashMap<>();
      steps = kept;
    }
    kept.putIfAbsent(name, value);
  }

  JobNotes notes() {
    if (progress == null && log == null && steps == null) {
      return JobNotes.NONE;
    }
    return new JobNotes(
        progress, log == null ? List.of() : List.copyOf(log), steps == null ? Map.of() : steps);
  }

  /** Takes over what an exported job brings along. */
  void restore(List<FailedAttempt> attempts, JobNotes notes) {
    attempts.forEach(this::failed);
    if (notes.progress() != null) {
      progress = notes.progress();
    }
    if (!notes.log().isEmpty()) {
      log(notes.log());
    }
    notes.steps().forEach(this::step);
  }
}
