package dev.noria.kernel;

import dev.noria.job.Bytes;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobNotes;
import dev.noria.job.NewJob;
import dev.noria.job.StoredJob;
import dev.noria.plugin.PayloadStage.Content;
import dev.noria.plugin.PayloadStage.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A stored job as its application wrote it: the payload stages undone in every part. */
final class StoredView {
  private StoredView() {}

  static StoredJob of(StoredJob job, Payloads payloads) {
    if (payloads.isPlain()) {
      return job;
    }
    Bytes result = job.result();
    Bytes payload = job.job().payload();
    NewJob asked =
        payload.isEmpty()
            ? job.job()
            : job.job().withPayload(payloads.read(payload, context(job, Content.PAYLOAD)));
    return new StoredJob(
        asked,
        job.status(),
        result == null ? null : payloads.read(result, context(job, Content.RESULT)),
        job.history().stream().map(entry -> attempt(job, entry, payloads)).toList(),
        notes(job, job.notes(), payloads));
  }

  private static Context context(StoredJob job, Content content) {
    return new Context(job.id(), job.queue(), job.type(), content);
  }

  private static FailedAttempt attempt(StoredJob job, FailedAttempt entry, Payloads payloads) {
    return new FailedAttempt(
        entry.generation(),
        entry.attempt(),
        payloads.read(entry.error(), job.id(), job.queue(), job.type()),
        entry.worker(),
        entry.startedAt(),
        entry.endedAt());
  }

  /** The notes of a job with the stages undone. */
  static JobNotes notes(StoredJob job, JobNotes notes, Payloads payloads) {
    Context note = context(job, Content.NOTE);
    JobNotes.Progress progress = notes.progress();
    List<JobNotes.LogLine> log =
        notes.log().stream()
            .map(line -> new JobNotes.LogLine(line.at(), payloads.read(line.text(), note)))
            .toList();
    Map<String, Bytes> steps = new LinkedHashMap<>();
    notes
        .steps()
        .forEach((name, step) -> steps.put(name, payloads.read(step, context(job, Content.STEP))));
    return new JobNotes(
        progress == null
            ? null
            : new JobNotes.Progress(progress.percent(), payloads.read(progress.message(), note)),
        log,
        steps);
  }
}
