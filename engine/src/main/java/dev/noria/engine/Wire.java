package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.Dependencies.OnMissing;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.KeyPolicy.OnConflict;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.storage.CallId;
import dev.noria.storage.EndedJob;
import dev.noria.storage.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the words of the contract are written. The order of each list is part of the format. */
final class Wire {
  static final List<JobState> STATES =
      List.of(
          JobState.BLOCKED,
          JobState.SCHEDULED,
          JobState.READY,
          JobState.RUNNING,
          JobState.COMPLETED,
          JobState.DEAD,
          JobState.CANCELLED);
  private static final List<Until> UNTIL =
      List.of(Until.STARTED, Until.FINISHED, Until.PURGED, Until.WINDOW);
  private static final List<OnConflict> ON_CONFLICT = List.of(OnConflict.KEEP, OnConflict.REPLACE);
  private static final List<OnFailure> ON_FAILURE =
      List.of(OnFailure.CANCEL, OnFailure.IGNORE, OnFailure.HOLD);
  private static final List<OnMissing> ON_MISSING =
      List.of(OnMissing.REJECT, OnMissing.COUNT_AS_DONE);
  private static final List<EnqueueReceipt.Status> RECEIPTS =
      List.of(
          EnqueueReceipt.Status.ENQUEUED,
          EnqueueReceipt.Status.DUPLICATE,
          EnqueueReceipt.Status.REPLACED,
          EnqueueReceipt.Status.REJECTED);
  private static final List<Retention> RETENTIONS =
      List.of(Retention.NO_RESULT, Retention.WITH_RESULT);

  private Wire() {}

  /** The same job with these bytes and headers. */
  static NewJob with(NewJob job, Bytes payload, Map<String, String> headers) {
    return new NewJob(
        job.id(),
        job.type(),
        job.queue(),
        payload,
        headers,
        job.runAt(),
        job.priority(),
        job.lifo(),
        job.group(),
        job.limitKey(),
        job.key(),
        job.dependencies(),
        job.maxAttempts(),
        job.timeout(),
        job.deadline(),
        job.retention(),
        job.awaited());
  }

  /** Writes a job with its body. */
  static void job(Out out, NewJob job) {
    out.id(job.id());
    bare(out, job);
    Body.write(out, job);
  }

  /** Reads a job whose body stays where it is. */
  static Draft draft(In in) {
    NewJob job = bare(in, in.id());
    return new Draft(job, Body.find(in));
  }

  private static void bare(Out out, NewJob job) {
    out.name(job.queue());
    common(out, job);
    boolean rare =
        job.runAt() != null
            || job.group() != null
            || job.key() != null
            || !job.dependencies().isEmpty()
            || job.deadline() != null;
    out.flag(rare);
    if (rare) {
      out.optional(job.runAt(), out::instant);
      out.optional(job.group(), out::name);
      out.optional(job.key(), key -> key(out, key));
      dependencies(out, job.dependencies());
      out.optional(job.deadline(), out::instant);
    }
  }

  private static void common(Out out, NewJob job) {
    out.name(job.type());
    out.number(job.priority());
    out.bits((job.lifo() ? 1 : 0) | (job.awaited() ? 2 : 0));
    out.number(job.maxAttempts());
    out.optional(job.timeout(), out::duration);
    int known = RETENTIONS.indexOf(job.retention());
    out.bits(known + 1);
    if (known < 0) {
      out.duration(job.retention().completed());
      out.duration(job.retention().failed());
    }
    out.optional(job.limitKey(), out::name);
  }

  private static NewJob bare(In in, JobId id) {
    String queue = in.name();
    NewJob common = common(in, id, queue);
    if (!in.flag()) {
      return common;
    }
    Instant runAt = in.optional(in::instant);
    String group = in.optional(in::name);
    JobKey key = in.optional(() -> key(in));
    Dependencies dependencies = dependencies(in);
    Instant deadline = in.optional(in::instant);
    return new NewJob(
        id,
        common.type(),
        queue,
        Bytes.EMPTY,
        Map.of(),
        runAt,
        common.priority(),
        common.lifo(),
        group,
        common.limitKey(),
        key,
        dependencies,
        common.maxAttempts(),
        common.timeout(),
        deadline,
        common.retention(),
        common.awaited());
  }

  private static NewJob common(In in, JobId id, String queue) {
    String type = in.name();
    int priority = in.integer();
    int flags = in.bits();
    int maxAttempts = in.integer();
    Duration timeout = in.optional(in::duration);
    Retention retention = retention(in);
    String limitKey = in.optional(in::name);
    return new NewJob(
        id,
        type,
        queue,
        Bytes.EMPTY,
        Map.of(),
        null,
        priority,
        (flags & 1) != 0,
        null,
        limitKey,
        null,
        Dependencies.NONE,
        maxAttempts,
        timeout,
        null,
        retention,
        (flags & 2) != 0);
  }

  private static Retention retention(In in) {
    int known = in.bits();
    if (known > 0) {
      return RETENTIONS.get(known - 1);
    }
    Duration completed = in.duration();
    return new Retention(completed, in.duration());
  }

  static void shape(Out out, Shape shape) {
    common(out, shape.job());
  }

  static Shape shape(In in) {
    return new Shape(common(in, Shape.NOBODY, "-"));
  }

  static void key(Out out, JobKey key) {
    out.text(key.name());
    out.choice(key.policy().until(), UNTIL);
    out.optional(key.policy().window(), out::duration);
    out.choice(key.policy().onConflict(), ON_CONFLICT);
  }

  static JobKey key(In in) {
    String name = in.text();
    Until until = in.choice(UNTIL);
    Duration window = in.optional(in::duration);
    return new JobKey(name, new KeyPolicy(until, window, in.choice(ON_CONFLICT)));
  }

  static void until(Out out, Until until) {
    out.choice(until, UNTIL);
  }

  static Until until(In in) {
    return in.choice(UNTIL);
  }

  static void dependencies(Out out, Dependencies dependencies) {
    out.list(dependencies.on(), out::id);
    out.choice(dependencies.onFailure(), ON_FAILURE);
    out.choice(dependencies.onMissing(), ON_MISSING);
  }

  static Dependencies dependencies(In in) {
    List<JobId> on = in.list(in::id);
    OnFailure onFailure = in.choice(ON_FAILURE);
    OnMissing onMissing = in.choice(ON_MISSING);
    return on.isEmpty() && onFailure == OnFailure.CANCEL && onMissing == OnMissing.REJECT
        ? Dependencies.NONE
        : new Dependencies(on, onFailure, onMissing);
  }

  static void call(Out out, CallId call) {
    out.fixed(call.client());
    out.number(call.sequence());
  }

  static CallId call(In in) {
    long client = in.fixed();
    return new CallId(client, in.number());
  }

  static void lease(Out out, Lease lease) {
    out.id(lease.id());
    out.number(lease.epoch());
    out.fixed(lease.nonce());
  }

  static Lease lease(In in) {
    JobId id = in.id();
    long epoch = in.number();
    return new Lease(id, epoch, in.fixed(), Bytes.EMPTY);
  }

  static void state(Out out, @Nullable JobState state) {
    out.optional(state, known -> out.choice(known, STATES));
  }

  static @Nullable JobState state(In in) {
    return in.optional(() -> in.choice(STATES));
  }

  static void receipt(Out out, EnqueueReceipt receipt) {
    out.choice(receipt.status(), RECEIPTS);
    out.id(receipt.id());
    state(out, receipt.state());
    out.optional(receipt.reason(), out::text);
  }

  static EnqueueReceipt receipt(In in) {
    EnqueueReceipt.Status status = in.choice(RECEIPTS);
    JobId id = in.id();
    JobState state = state(in);
    return new EnqueueReceipt(status, id, state, in.optional(in::text));
  }

  static void ended(Out out, EndedJob job) {
    out.id(job.id());
    out.name(job.queue());
    out.name(job.type());
    out.choice(job.state(), STATES);
    out.name(job.reason());
  }

  static EndedJob ended(In in) {
    JobId id = in.id();
    String queue = in.name();
    String type = in.name();
    JobState state = in.choice(STATES);
    return new EndedJob(id, queue, type, state, in.name());
  }
}
