package dev.noria.storage.postgres;

import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.rows.Codes;
import dev.noria.rows.Pack;
import dev.noria.rows.Unpack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What was enqueued and has no column of its own: version, CRC, a mask, and what the mask says. A
 * job that uses none of it has none.
 */
final class Extra {
  private static final int VERSION = 1;
  private static final int CHECKED = 5;
  private static final int RUN_AT = 1;
  private static final int TIMEOUT = 2;
  private static final int RETENTION = 8;
  private static final int LIMIT_KEY = 32;
  private static final int KEY = 64;
  private static final int DEPENDENCIES = 128;
  private static final int HEADERS = 256;
  private static final int ATTEMPTS = 512;

  private Extra() {}

  /** Null for a job that is plain. */
  static byte @Nullable [] pack(NewJob job) {
    int mask = mask(job);
    if (mask == 0) {
      return null;
    }
    Pack out = new Pack(64).octet(VERSION).word(0).number(mask);
    packRare(out, job, mask);
    out.wordAt(1, crc(out.array(), out.size()));
    return out.toBytes();
  }

  private static int mask(NewJob job) {
    return (job.runAt() != null ? RUN_AT : 0)
        | (job.timeout() != null ? TIMEOUT : 0)
        | (job.retention().equals(Retention.NO_RESULT) ? 0 : RETENTION)
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
    if ((mask & RETENTION) != 0) {
      packDuration(out, job.retention().completed());
      packDuration(out, job.retention().failed());
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

  /**
   * Adds to {@code job} what {@link #pack} wrote.
   *
   * @throws IllegalStateException if the bytes are damaged
   */
  static NewJob.Builder unpack(byte @Nullable [] bytes, NewJob.Builder job) {
    if (bytes == null) {
      return job;
    }
    if (bytes.length <= CHECKED) {
      throw new IllegalStateException("The stored form of job " + job.id() + " is too short.");
    }
    Unpack in = new Unpack(bytes);
    int version = in.octet();
    if (version != VERSION || in.word() != crc(bytes, bytes.length)) {
      throw new IllegalStateException("The stored form of job " + job.id() + " is damaged.");
    }
    unpackRare(in, job, in.count());
    return job;
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, CHECKED, length - CHECKED);
    return (int) crc.getValue();
  }

  private static void unpackRare(Unpack in, NewJob.Builder job, int mask) {
    if ((mask & RUN_AT) != 0) {
      job.runAt(Instant.ofEpochMilli(in.number()));
    }
    if ((mask & TIMEOUT) != 0) {
      job.timeout(Duration.ofMillis(in.number()));
    }
    if ((mask & RETENTION) != 0) {
      job.retention(new Retention(duration(in), duration(in)));
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
}
