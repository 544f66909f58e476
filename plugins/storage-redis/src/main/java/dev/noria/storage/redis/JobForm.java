package dev.noria.storage.redis;

import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form of a job: values whose names have one letter. What is absent, zero or usual is left out.
 * Stored jobs begin with some of them in fixed places, which {@link Fields} reads; the others
 * follow as a map.
 *
 * <pre>
 * given:    q queue        t type          P payload      B headers      g group
 *           y limit key    p priority      l lifo         r run at       k key
 *           K key until    W key window    O on conflict  u depends on   F on failure
 *           M on missing   m max attempts  T timeout      D deadline     h keep completed
 *           H keep failed  w awaited       i id (not stored: it is in the name of the key)
 * kept:     s state        e enqueued at   d due at       o place        v arrival
 *           X an entry that counts no more is in its list
 *           a attempt      c crashes       n epoch        G generation   R reason
 *           C cancel asked f finished at   E keep until   U waits for    V deleted ones
 * lease:    N nonce        j owner         b begun at     x expires at   S started
 *           A abandoned
 * apart:    z size of the payload          Y a result     Z a history    Q notes
 * </pre>
 */
final class JobForm {
  private static final long MONTH = Retention.NO_RESULT.failed().toMillis();

  private JobForm() {}

  /** A job to be enqueued. */
  static void write(Pack out, NewJob job) {
    out.open();
    given(out, job);
    out.close();
  }

  static void writeAll(Pack out, List<NewJob> jobs) {
    out.list(jobs.size());
    jobs.forEach(job -> write(out, job));
  }

  /** The entries of what the caller gave; the map is open. */
  static void given(Pack out, NewJob job) {
    out.key("i").id(job.id());
    out.key("q").text(job.queue());
    described(out, job);
  }

  /** The same without id and queue. */
  static void described(Pack out, NewJob job) {
    out.key("t").text(job.type());
    out.key("P").raw(job.payload());
    if (!job.headers().isEmpty()) {
      out.key("B").raw(headers(job.headers()));
    }
    text(out, "g", job.group());
    text(out, "y", job.limitKey());
    number(out, "p", job.priority(), 0);
    mark(out, "l", job.lifo());
    number(out, "r", millis(job.runAt()), -1);
    number(out, "m", job.maxAttempts(), 0);
    number(out, "T", job.timeout() == null ? -1 : job.timeout().toMillis(), -1);
    number(out, "D", millis(job.deadline()), -1);
    number(out, "h", job.retention().completed().toMillis(), 0);
    number(out, "H", job.retention().failed().toMillis(), MONTH);
    mark(out, "w", job.awaited());
    if (job.key() != null) {
      key(out, job.key());
    }
    if (!job.dependencies().isEmpty()) {
      dependencies(out, job.dependencies());
    }
  }

  private static void key(Pack out, JobKey key) {
    out.key("k").text(key.name());
    out.key("K").number(Codes.UNTIL.indexOf(key.policy().until()));
    Duration window = key.policy().window();
    number(out, "W", window == null ? -1 : window.toMillis(), -1);
    number(out, "O", Codes.ON_CONFLICT.indexOf(key.policy().onConflict()), 0);
  }

  private static void dependencies(Pack out, Dependencies dependencies) {
    out.key("u").raw(ids(dependencies.on()));
    number(out, "F", Codes.ON_FAILURE.indexOf(dependencies.onFailure()), 0);
    number(out, "M", Codes.ON_MISSING.indexOf(dependencies.onMissing()), 0);
  }

  static byte[] ids(List<JobId> ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * ids.size());
    ids.forEach(id -> bytes.writeBytes(id.toBytes()));
    return bytes.toByteArray();
  }

  private static byte[] headers(Map<String, String> headers) {
    Pack out = new Pack().list(2 * headers.size());
    headers.forEach((name, value) -> out.text(name).text(value));
    return out.toBytes();
  }

  static void text(Pack out, String name, @Nullable String value) {
    if (value != null) {
      out.key(name).text(value);
    }
  }

  static void number(Pack out, String name, long value, long usual) {
    if (value != usual) {
      out.key(name).number(value);
    }
  }

  static void mark(Pack out, String name, boolean set) {
    if (set) {
      out.key(name).truth(true);
    }
  }

  static long millis(@Nullable Instant instant) {
    return instant == null ? -1 : instant.toEpochMilli();
  }

  static @Nullable Instant instant(long millis) {
    return millis < 0 ? null : Instant.ofEpochMilli(millis);
  }

  /** The key that a job has. */
  static @Nullable JobKey key(Fields job) {
    if (!job.has('k')) {
      return null;
    }
    long window = job.number('W', -1);
    KeyPolicy policy =
        new KeyPolicy(
            Codes.UNTIL.get((int) job.number('K', 0)),
            window < 0 ? null : Duration.ofMillis(window),
            Codes.ON_CONFLICT.get((int) job.number('O', 0)));
    return new JobKey(job.text('k'), policy);
  }

  static Dependencies dependencies(Fields job) {
    return job.has('u') || job.has('F') || job.has('M')
        ? new Dependencies(
            job.ids('u'),
            Codes.ON_FAILURE.get((int) job.number('F', 0)),
            Codes.ON_MISSING.get((int) job.number('M', 0)))
        : Dependencies.NONE;
  }

  static Retention retention(Fields job) {
    return new Retention(
        Duration.ofMillis(job.number('h', 0)), Duration.ofMillis(job.number('H', MONTH)));
  }

  static JobState state(Fields job) {
    return Codes.state((int) job.number('s', Codes.of(JobState.DEAD)));
  }
}
