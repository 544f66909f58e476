package dev.noria.storage.redis;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.NewJob;
import dev.noria.job.StoredJob;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stored values as the objects of the contract. */
final class Views {
  private Views() {}

  /** A leased job, whose payload may be kept apart. */
  static LeasedJob leased(JobId id, Fields job, @Nullable Bytes apart) {
    Instant enqueuedAt = Instant.ofEpochMilli(job.number('e', 0));
    return new LeasedJob(
        new Lease(id, job.number('n', 0), job.bits('N'), Bytes.EMPTY),
        job.text('t'),
        job.text('q'),
        apart == null ? job.bytes('P') : apart,
        job.headers(),
        job.count('a'),
        job.count('m'),
        job.count('c'),
        job.count('G'),
        job.count('p'),
        job.textOrNull('g'),
        job.textOrNull('y'),
        enqueuedAt,
        job.has('r') ? Instant.ofEpochMilli(job.number('r', 0)) : enqueuedAt,
        timeout(job),
        JobForm.instant(job.number('D', -1)),
        JobForm.retention(job),
        job.has('w'));
  }

  private static @Nullable Duration timeout(Fields job) {
    return job.has('T') ? Duration.ofMillis(job.number('T', 0)) : null;
  }

  /** The job of an id with those parts that were found. */
  static StoredJob stored(JobId id, Fields job, Parts parts) {
    NewJob given =
        new NewJob(
            id,
            job.text('t'),
            job.text('q'),
            parts.payload(),
            job.headers(),
            JobForm.instant(job.number('r', -1)),
            job.count('p'),
            job.has('l'),
            job.textOrNull('g'),
            job.textOrNull('y'),
            JobForm.key(job),
            JobForm.dependencies(job),
            job.count('m'),
            timeout(job),
            JobForm.instant(job.number('D', -1)),
            JobForm.retention(job),
            job.has('w'));
    return new StoredJob(given, status(job), parts.result(), parts.history(), parts.notes());
  }

  private static JobStatus status(Fields job) {
    JobState state = JobForm.state(job);
    boolean running = state == JobState.RUNNING;
    return new JobStatus(
        state,
        Instant.ofEpochMilli(job.number('e', 0)),
        Instant.ofEpochMilli(job.number('d', 0)),
        JobForm.instant(job.number('f', -1)),
        job.count('a'),
        job.count('c'),
        job.number('n', 0),
        job.count('G'),
        job.textOrNull('R'),
        job.has('C'),
        running ? job.text('j') : null,
        running ? Instant.ofEpochMilli(job.number('x', 0)) : null);
  }

  /**
   * What was read of a job besides its state.
   *
   * @param payload EMPTY when it was not asked for
   * @param result null when there is none, or it was not asked for
   * @param history the failed attempts
   * @param notes what its attempts left
   */
  record Parts(Bytes payload, @Nullable Bytes result, List<FailedAttempt> history, JobNotes notes) {
    static final Parts NONE = new Parts(Bytes.EMPTY, null, List.of(), JobNotes.NONE);
  }

  static void error(Pack out, ErrorInfo error) {
    Pack inner = new Pack().list(4);
    inner.text(error.type()).text(error.fingerprint()).text(error.message()).text(error.stack());
    out.raw(inner.toBytes());
  }

  /** Packs the attempts as the script that appends to them does. */
  static byte[] history(List<FailedAttempt> history) {
    Pack out = new Pack().list(history.size());
    for (FailedAttempt attempt : history) {
      out.list(6).number(attempt.generation()).number(attempt.attempt());
      error(out, attempt.error());
      out.text(attempt.worker());
      out.number(attempt.startedAt().toEpochMilli()).number(attempt.endedAt().toEpochMilli());
    }
    return out.toBytes();
  }

  static List<FailedAttempt> history(byte[] packed) {
    Unpack in = new Unpack(packed);
    List<FailedAttempt> history = new ArrayList<>();
    for (int left = in.list(); left > 0; left--) {
      in.list();
      int generation = in.count();
      int attempt = in.count();
      Unpack error = new Unpack(in.raw());
      error.list();
      ErrorInfo info = new ErrorInfo(error.text(), error.text(), error.text(), error.text());
      String worker = in.text();
      Instant startedAt = Instant.ofEpochMilli(in.number());
      Instant endedAt = Instant.ofEpochMilli(in.number());
      history.add(new FailedAttempt(generation, attempt, info, worker, startedAt, endedAt));
    }
    return history;
  }

  static byte[] progress(JobNotes.Progress progress) {
    return new Pack().list(2).number(progress.percent()).raw(cut(progress.message())).toBytes();
  }

  static byte[] line(JobNotes.LogLine line) {
    return new Pack().list(2).number(line.at().toEpochMilli()).raw(cut(line.text())).toBytes();
  }

  private static Bytes cut(Bytes text) {
    return text.size() <= JobNotes.TEXT_BYTES
        ? text
        : Bytes.owned(java.util.Arrays.copyOf(text.toArray(), JobNotes.TEXT_BYTES));
  }

  /** Progress, log lines and steps, as a script found them. */
  static JobNotes notes(Unpack in) {
    JobNotes.Progress progress = null;
    if (!in.isNothing()) {
      Unpack packed = new Unpack(in.raw());
      packed.list();
      progress = new JobNotes.Progress(packed.count(), packed.bytes());
    }
    List<JobNotes.LogLine> log = new ArrayList<>();
    for (int left = in.list(); left > 0; left--) {
      Unpack line = new Unpack(in.raw());
      line.list();
      log.add(new JobNotes.LogLine(Instant.ofEpochMilli(line.number()), line.bytes()));
    }
    Map<String, Bytes> steps = new HashMap<>();
    for (int left = in.list(); left > 0; left -= 2) {
      steps.put(in.text(), in.bytes());
    }
    return progress == null && log.isEmpty() && steps.isEmpty()
        ? JobNotes.NONE
        : new JobNotes(progress, log, steps);
  }
}
