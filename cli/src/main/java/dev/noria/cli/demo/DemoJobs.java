package dev.noria.cli.demo;

import static dev.noria.job.JobOption.attempts;
import static dev.noria.job.JobOption.retention;

import dev.noria.JobQueue;
import dev.noria.job.Bytes;
import dev.noria.job.CallType;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobContext;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Part;
import dev.noria.job.Retention;
import dev.noria.job.StoredJob;
import dev.noria.plugin.Codec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The three kinds of jobs: one per file, one collector per 500 files, and a summary that waits for
 * the collectors. Their results are kept for a day, so that whoever comes after can read them.
 */
final class DemoJobs {
  static final String FILES = "files";
  static final String PARTS = "parts";
  static final String SUMMARY = "summary";
  private static final Retention DAY = new Retention(Duration.ofDays(1), Duration.ofDays(1));
  private static final Set<Part> ENDS = EnumSet.of(Part.RESULT, Part.HISTORY);

  static final CallType<FileTask, FileFacts> READ =
      CallType.of("demo.read", FileTask.class, FileFacts.class)
          .queue(FILES)
          .with(retention(DAY), attempts(3));
  static final CallType<Collect, Tally> COLLECT =
      CallType.of("demo.collect", Collect.class, Tally.class).queue(PARTS).with(retention(DAY));
  static final CallType<Collect, Tally> SUMMARISE =
      CallType.of("demo.summarise", Collect.class, Tally.class).queue(SUMMARY).with(retention(DAY));

  private final JobQueue queue;

  DemoJobs(JobQueue queue) {
    this.queue = queue;
  }

  /**
   * A file to read.
   *
   * @param folder absolute
   * @param path relative to it
   */
  record FileTask(String folder, String path) {}

  /**
   * Jobs whose results to add up.
   *
   * @param ids the jobs, in text form
   */
  record Collect(List<String> ids) {}

  void register() {
    queue.handle(READ, DemoJobs::read);
    queue.handle(COLLECT, this::collect);
    queue.handle(SUMMARISE, this::summarise);
  }

  private static FileFacts read(FileTask task, JobContext job) throws IOException {
    return FileReading.of(Path.of(task.folder()), task.path());
  }

  /** Adds up the files; one that could not be read is listed with its last error. */
  private Tally collect(Collect collect, JobContext job) {
    Tally tally = Tally.empty();
    for (StoredJob file : ended(collect)) {
      if (file.state() == JobState.COMPLETED) {
        tally.add(result(file, FileFacts.class));
      } else {
        tally.addFailed(Enqueuing.path(file), why(file));
      }
    }
    return tally;
  }

  private Tally summarise(Collect collect, JobContext job) {
    Tally sum = Tally.empty();
    for (StoredJob part : ended(collect)) {
      if (part.state() != JobState.COMPLETED) {
        throw new IllegalStateException("The collector " + part.id() + " failed: " + why(part));
      }
      sum.add(result(part, Tally.class));
    }
    return sum;
  }

  private List<StoredJob> ended(Collect collect) {
    List<JobId> ids = collect.ids().stream().map(JobId::parse).toList();
    List<StoredJob> jobs = queue.findAll(ids, ENDS);
    if (jobs.size() != ids.size()) {
      throw new IllegalStateException(
          "Only " + jobs.size() + " of " + ids.size() + " jobs are there. Expected all of them.");
    }
    return jobs;
  }

  /** What {@code queue.result} does, for jobs that are read already. */
  private <T> T result(StoredJob job, Class<T> type) {
    Bytes result = job.result();
    if (result == null) {
      throw new IllegalStateException("Job " + job.id() + " has no result. Expected one.");
    }
    return queue.get(Codec.class).decode(result, type);
  }

  private static String why(StoredJob job) {
    List<FailedAttempt> history = job.history();
    if (history.isEmpty()) {
      return String.valueOf(job.status().reason());
    }
    String type = history.get(history.size() - 1).error().type();
    String name = type.substring(type.lastIndexOf('.') + 1);
    return switch (name) {
      case "NoSuchFileException" -> "is not there any more";
      case "AccessDeniedException" -> "may not be read";
      default -> name;
    };
  }
}
