package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What most jobs of a type have in common, so that it is kept once. */
final class Shape {
  static final JobId NOBODY = new JobId(0, 0);

  final String type;
  final @Nullable String limitKey;
  final int priority;
  final boolean lifo;
  final int maxAttempts;
  final @Nullable Duration timeout;
  final Retention retention;
  final boolean awaited;
  private final int hash;

  /** How many entries have it. */
  int uses;

  /** Its number in the snapshot that is being written. */
  int number;

  Shape(NewJob job) {
    type = job.type();
    limitKey = job.limitKey();
    priority = job.priority();
    lifo = job.lifo();
    maxAttempts = job.maxAttempts();
    timeout = job.timeout();
    retention = job.retention();
    awaited = job.awaited();
    hash = Objects.hash(type, limitKey, priority, lifo, maxAttempts, timeout, retention, awaited);
  }

  /** A job that has this shape and nothing else. */
  NewJob job() {
    return new NewJob(
        NOBODY,
        type,
        "-",
        Bytes.EMPTY,
        Map.of(),
        null,
        priority,
        lifo,
        null,
        limitKey,
        null,
        Dependencies.NONE,
        maxAttempts,
        timeout,
        null,
        retention,
        awaited);
  }

  /** Whether it is the shape of {@code job}. */
  boolean fits(NewJob job) {
    return type.equals(job.type())
        && priority == job.priority()
        && lifo == job.lifo()
        && maxAttempts == job.maxAttempts()
        && awaited == job.awaited()
        && retention.equals(job.retention())
        && Objects.equals(limitKey, job.limitKey())
        && Objects.equals(timeout, job.timeout());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Shape shape
        && hash == shape.hash
        && type.equals(shape.type)
        && priority == shape.priority
        && lifo == shape.lifo
        && maxAttempts == shape.maxAttempts
        && awaited == shape.awaited
        && retention.equals(shape.retention)
        && Objects.equals(limitKey, shape.limitKey)
        && Objects.equals(timeout, shape.timeout);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
