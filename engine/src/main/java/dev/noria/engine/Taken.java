package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A job as it was when it was leased; its contents are read later, without the lock. */
record Taken(
    JobId id,
    Shape shape,
    String queue,
    @Nullable String group,
    long epoch,
    int attempt,
    int crashes,
    int generation,
    long enqueuedAt,
    long runAt,
    long deadline,
    Body body) {

  static Taken of(Entry entry, Run run) {
    return new Taken(
        entry.id(),
        entry.shape,
        entry.queue(),
        entry.group(),
        run.epoch,
        run.attempt,
        run.crashes,
        run.generation,
        entry.enqueuedAt,
        entry.runAt(),
        entry.deadline(),
        entry.body());
  }

  Lease lease(long nonce) {
    return new Lease(id, epoch, nonce, Bytes.EMPTY);
  }

  LeasedJob with(long nonce, Body.Loaded loaded) {
    Instant enqueued = Instant.ofEpochMilli(enqueuedAt);
    return new LeasedJob(
        lease(nonce),
        shape.type,
        queue,
        loaded.payload(),
        loaded.headers(),
        attempt,
        shape.maxAttempts,
        crashes,
        generation,
        shape.priority,
        group,
        shape.limitKey,
        enqueued,
        runAt == enqueuedAt ? enqueued : Instant.ofEpochMilli(runAt),
        shape.timeout,
        Shown.instant(deadline),
        shape.retention,
        shape.awaited);
  }

  void write(Out out) {
    out.id(id);
    Wire.shape(out, shape);
    out.name(queue);
    out.optional(group, out::name);
    out.number(epoch);
    out.number(attempt);
    out.number(crashes);
    out.number(generation);
    out.number(enqueuedAt);
    out.number(runAt);
    out.number(deadline);
    body.write(out);
  }

  static Taken read(In in) {
    JobId id = in.id();
    Shape shape = Wire.shape(in);
    String queue = in.name();
    String group = in.optional(in::name);
    long epoch = in.number();
    int attempt = in.integer();
    int crashes = in.integer();
    int generation = in.integer();
    long enqueuedAt = in.number();
    long runAt = in.number();
    long deadline = in.number();
    Body body = Body.read(in);
    return new Taken(
        id,
        shape,
        queue,
        group,
        epoch,
        attempt,
        crashes,
        generation,
        enqueuedAt,
        runAt,
        deadline,
        body);
  }
}
