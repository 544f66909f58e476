package dev.noria.storage.sqlite;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.rows.Codes;
import dev.noria.rows.Pack;
import dev.noria.rows.Unpack;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What was enqueued and no statement looks into, packed into one column: version, CRC, type up to a
 * NUL (the view reads it), a mask of what follows, the payload to the end.
 */
final class Body {
  private static final int VERSION = 1;
  private static final int CHECKED = 5;
  private static final int RUN_AT = 1;
  private static final int TIMEOUT = 2;
  private static final int DEADLINE = 4;
  private static final int RETENTION = 8;
  private static final int GROUP = 16;
  private static final int LIMIT_KEY = 32;
  private static final int KEY = 64;
  private static final int DEPENDENCIES = 128;
  private static final int HEADERS = 256;
  private static final int ATTEMPTS = 512;

  private Body() {}

  static byte[] pack(NewJob job) {
    Pack out = new Pack(job.payload().size() + 64);
    packInto(out, job);
    return out.toBytes();
  }

  static void packInto(Pack out, NewJob job) {
    int start = out.size();
    out.octet(VERSION).word(0).raw(job.type().getBytes(StandardCharsets.UTF_8));
    int mask = mask(job);
    out.octet(0).number(mask);
    if (mask != 0) {
      packRare(out, job, mask);
    }
    out.raw(job.payload());
    CRC32C crc = new CRC32C();
    crc.update(out.array(), start + CHECKED, out.size() - start - CHECKED);
    out.wordAt(start + 1, (int) crc.getValue());
  }

  private static int mask(NewJob job) {
    return (job.runAt() != null ? RUN_AT : 0)
        | (job.timeout() != null ? TIMEOUT : 0)
        | (job.deadline() != null ? DEADLINE : 0)
        | (job.retention().equals(Retention.NO_RESULT) ? 0 : RETENTION)
        | (job.group() != null ? GROUP : 0)
        | (job.limitKey() != null ? LIMIT_KEY : 0)
        | (job.key() != null ? KEY : 0)
        | (job.dependencies().equals(Dependencies.NONE) ? 0 : DEPENDENCIES)
        | (job.headers().isEmpty() ? 0 : HEADERS)
        | (job.maxAttempts() != 0 ? ATTEMPTS : 0);
  }

  private static void packRare(Pack out, NewJob job, int mask) {
    if (job.runAt() != null) {
      out.number(job.runAt().toEpochMilli());
    }
    if (job.timeout() != null) {
      out.number(job.timeout().toMillis());
    }
    if (job.deadline() != null) {
      out.number(job.deadline().toEpochMilli());
    }
    if ((mask & RETENTION) != 0) {
      packDuration(out, job.retention().completed());
      packDuration(out, job.retention().failed());
    }
    if (job.group() != null) {
      out.text(job.group());
    }
    if (job.limitKey() != null) {
      out.text(job.limitKey());
    }
    if (job.key() != null) {
      packKey(out, job.key());
    }
    if ((mask & DEPENDENCIES) != 0) {
      packDependencies(out, job.dependencies());
    }
    if ((mask & HEADERS) != 0) {
      out.number(job.headers().size());
      job.headers().forEach((name, value) -> out.text(name).text(value));
    }
    if ((mask & ATTEMPTS) != 0) {
      out.number(job.maxAttempts());
    }
  }

  private static void packDuration(Pack out, Duration value) {
    out.number(value.getSeconds()).number(value.getNano());
  }

  private static void packKey(Pack out, JobKey key) {
    KeyPolicy policy = key.policy();
    out.text(key.name())
        .octet(Codes.UNTIL.indexOf(policy.until()))
        .octet(Codes.ON_CONFLICT.indexOf(policy.onConflict()));
    if (policy.window() != null) {
      packDuration(out, policy.window());
    }
  }

  private static void packDependencies(Pack out, Dependencies dependencies) {
    out.octet(Codes.ON_FAILURE.indexOf(dependencies.onFailure()))
        .octet(Codes.ON_MISSING.indexOf(dependencies.onMissing()));
    out.number(dependencies.on().size());
    dependencies.on().forEach(out::id);
  }

  /** The job as it was enqueued; priority, order and awaited come from the row. */
  static NewJob.Builder unpack(byte[] bytes, JobId id, String queue) {
    Unpack in = new Unpack(bytes);
    int version = in.octet();
    int crc = in.word();
    if (version != VERSION || crc != crc(bytes)) {
      throw new IllegalStateException("The body of job " + id + " is damaged.");
    }
    String type = in.textToNul();
    int mask = in.count();
    if (mask == 0) {
      return NewJob.builder(id, type, queue, in.rest());
    }
    NewJob.Builder job = NewJob.builder(id, type, queue, Bytes.EMPTY);
    unpackRare(in, job, mask);
    return job.payload(in.rest());
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, CHECKED, bytes.length - CHECKED);
    return (int) crc.getValue();
  }

  private static void unpackRare(Unpack in, NewJob.Builder job, int mask) {
    if ((mask & RUN_AT) != 0) {
      job.runAt(Instant.ofEpochMilli(in.number()));
    }
    if ((mask & TIMEOUT) != 0) {
      job.timeout(Duration.ofMillis(in.number()));
    }
    if ((mask & DEADLINE) != 0) {
      job.deadline(Instant.ofEpochMilli(in.number()));
    }
    if ((mask & RETENTION) != 0) {
      job.retention(new Retention(duration(in), duration(in)));
    }
    if ((mask & GROUP) != 0) {
      job.group(in.text());
    }
    if ((mask & LIMIT_KEY) != 0) {
      job.limitKey(in.text());
    }
    if ((mask & KEY) != 0) {
      job.key(key(in));
    }
    if ((mask & DEPENDENCIES) != 0) {
      job.dependencies(dependencies(in));
    }
    if ((mask & HEADERS) != 0) {
      for (int left = in.count(); left > 0; left--) {
        job.header(in.text(), in.text());
      }
    }
    if ((mask & ATTEMPTS) != 0) {
      job.maxAttempts(in.count());
    }
  }

  private static Duration duration(Unpack in) {
    return Duration.ofSeconds(in.number(), in.number());
  }

  private static JobKey key(Unpack in) {
    String name = in.text();
    KeyPolicy.Until until = Codes.UNTIL.get(in.octet());
    KeyPolicy.OnConflict onConflict = Codes.ON_CONFLICT.get(in.octet());
    Duration window = until == KeyPolicy.Until.WINDOW ? duration(in) : null;
    return new JobKey(name, new KeyPolicy(until, window, onConflict));
  }

  private static Dependencies dependencies(Unpack in) {
    Dependencies.OnFailure onFailure = Codes.ON_FAILURE.get(in.octet());
    Dependencies.OnMissing onMissing = Codes.ON_MISSING.get(in.octet());
    List<JobId> on = new ArrayList<>();
    for (int left = in.count(); left > 0; left--) {
      on.add(in.id());
    }
    return new Dependencies(on, onFailure, onMissing);
  }

  /** The type, also of a body that is damaged behind it. */
  static String type(byte @Nullable [] bytes) {
    try {
      Unpack in = new Unpack(bytes == null ? new byte[0] : bytes);
      in.octet();
      in.word();
      return Limits.checkName("type", in.textToNul());
    } catch (RuntimeException e) {
      return "unreadable";
    }
  }
}
