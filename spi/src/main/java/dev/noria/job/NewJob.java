package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as it is handed to the storage: what to run, when, in which line, and for how long. Made by
 * {@link Builder}; every component is checked there. Immutable.
 *
 * @param id made by the client (S1.3)
 * @param type picks the handler
 * @param queue the line it stands in
 * @param payload opaque bytes (S0.6)
 * @param headers small texts that travel with the job
 * @param runAt when it becomes due, in milliseconds; null: at once
 * @param priority −100 to 100, higher first; default 0
 * @param lifo whether it goes before older jobs of its priority; default false
 * @param group the sub-line for fairness and limits; null: none
 * @param limitKey for limits across queues; null: none
 * @param key the deduplication key; null: none
 * @param dependencies whom it waits for
 * @param maxAttempts after how many attempts it is dead; 0: the job itself sets no bound
 * @param timeout how long one attempt may run; null: as its type or the worker says
 * @param deadline after which it is not started any more, in milliseconds; null: none
 * @param retention how long it is kept when finished
 * @param awaited whether somebody waits for its end, so that {@code JobFinished} is signalled
 */
public record NewJob(
    JobId id,
    String type,
    String queue,
    Bytes payload,
    Map<String, String> headers,
    @Nullable Instant runAt,
    int priority,
    boolean lifo,
    @Nullable String group,
    @Nullable String limitKey,
    @Nullable JobKey key,
    Dependencies dependencies,
    int maxAttempts,
    @Nullable Duration timeout,
    @Nullable Instant deadline,
    Retention retention,
    boolean awaited) {

  /** Starts a job with the defaults. */
  public static Builder builder(JobId id, String type, String queue, Bytes payload) {
    return new Builder(id, type, queue, payload);
  }

  /** A builder that starts from this job. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The same job with one more header; replaces a header of that name. */
  public NewJob withHeader(String name, String value) {
    return toBuilder().header(name, value).build();
  }

  /** The same job with more headers; they replace headers of their names. */
  public NewJob withHeaders(Map<String, String> more) {
    return new NewJob(
        id,
        type,
        queue,
        payload,
        Builder.merged(headers, more),
        runAt,
        priority,
        lifo,
        group,
        limitKey,
        key,
        dependencies,
        maxAttempts,
        timeout,
        deadline,
        retention,
        awaited);
  }

  /** The same job with another payload. */
  public NewJob withPayload(Bytes payload) {
    return toBuilder().payload(payload).build();
  }

  /** Collects what differs from the defaults. Not thread-safe. */
  public static final class Builder {
    private JobId id;
    private String type;
    private String queue;
    private Bytes payload;
    private Map<String, String> headers = Map.of();
    private @Nullable Instant runAt;
    private int priority;
    private boolean lifo;
    private @Nullable String group;
    private @Nullable String limitKey;
    private @Nullable JobKey key;
    private Dependencies dependencies = Dependencies.NONE;
    private int maxAttempts;
    private @Nullable Duration timeout;
    private @Nullable Instant deadline;
    private Retention retention = Retention.NO_RESULT;
    private boolean awaited;

    private Builder(JobId id, String type, String queue, Bytes payload) {
      this.id = requireNonNull(id, "id");
      this.type = Limits.checkName("type", type);
      this.queue = Limits.checkName("queue", queue);
      this.payload = requireNonNull(payload, "payload");
    }

    private Builder(NewJob job) {
      this(job.id, job.type, job.queue, job.payload);
      headers = job.headers;
      runAt = job.runAt;
      priority = job.priority;
      lifo = job.lifo;
      group = job.group;
      limitKey = job.limitKey;
      key = job.key;
      dependencies = job.dependencies;
      maxAttempts = job.maxAttempts;
      timeout = job.timeout;
      deadline = job.deadline;
      retention = job.retention;
      awaited = job.awaited;
    }

    /** Who the job will be. */
    public JobId id() {
      return id;
    }

    /** Where it will go. */
    public String queue() {
      return queue;
    }

    /** Another id. */
    public Builder id(JobId value) {
      id = requireNonNull(value, "id");
      return this;
    }

    /** Another type. */
    public Builder type(String name) {
      type = Limits.checkName("type", name);
      return this;
    }

    /** Another queue. */
    public Builder queue(String name) {
      queue = Limits.checkName("queue", name);
      return this;
    }

    /** Another payload. */
    public Builder payload(Bytes bytes) {
      payload = requireNonNull(bytes, "payload");
      return this;
    }

    /** Adds or replaces one header. */
    public Builder header(String name, String value) {
      checkHeader(name, value);
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      headers = more;
      return this;
    }

    private static Map<String, String> merged(
        Map<String, String> headers, Map<String, String> more) {
      more.forEach(Builder::checkHeader);
      if (headers.isEmpty()) {
        return Map.copyOf(more);
      }
      Map<String, String> all = new LinkedHashMap<>(headers);
      all.putAll(more);
      return Map.copyOf(all);
    }

    private static void checkHeader(String name, String value) {
      Limits.checkName("header name", name);
      if (!Limits.isText(value)) {
        throw new IllegalArgumentException(
            "The value of header '"
                + name
                + "' contains U+0000 or half a surrogate pair. Expected"
                + " well-formed Unicode text.");
      }
    }

    /** When the job becomes due; rounded up to a millisecond, so never early. Null: at once. */
    public Builder runAt(@Nullable Instant instant) {
      runAt = instant == null ? null : Moments.roundUp(instant);
      return this;
    }

    /** −100 to 100, higher first. */
    public Builder priority(int value) {
      if (value < -100 || value > 100) {
        throw new IllegalArgumentException(
            "Priority " + value + " is out of range. Expected -100 to 100, higher first.");
      }
      priority = value;
      return this;
    }

    /** Whether the job goes before older jobs of its priority. */
    public Builder lifo(boolean value) {
      lifo = value;
      return this;
    }

    /** The sub-line for fairness and limits. Null: none. */
    public Builder group(@Nullable String name) {
      group = name == null ? null : Limits.checkName("group", name);
      return this;
    }

    /** For limits across queues. Null: none. */
    public Builder limitKey(@Nullable String name) {
      limitKey = name == null ? null : Limits.checkName("limit key", name);
      return this;
    }

    /** The deduplication key. Null: none. */
    public Builder key(@Nullable JobKey value) {
      key = value;
      return this;
    }

    /** Whom the job waits for. */
    public Builder dependencies(Dependencies value) {
      dependencies = requireNonNull(value, "dependencies");
      return this;
    }

    /** After how many attempts the job is dead, at least 1; 0: no bound of its own. */
    public Builder maxAttempts(int value) {
      if (value < 0) {
        throw new IllegalArgumentException(
            "Attempts " + value + " is out of range. Expected at least 1, or 0 for no bound.");
      }
      maxAttempts = value;
      return this;
    }

    /** How long one attempt may run, at least 1 ms. Null: as the type or the worker says. */
    public Builder timeout(@Nullable Duration value) {
      if (value != null && value.toMillis() < 1) {
        throw new IllegalArgumentException(
            "Timeout " + value + " is too short. Expected at least 1 ms.");
      }
      timeout = value;
      return this;
    }

    /** After which instant the job is not started any more. Null: none. */
    public Builder deadline(@Nullable Instant instant) {
      deadline = instant == null ? null : Moments.roundUp(instant);
      return this;
    }

    /** How long the job is kept when finished. */
    public Builder retention(Retention value) {
      retention = requireNonNull(value, "retention");
      return this;
    }

    /** Whether somebody waits for its end. */
    public Builder awaited(boolean value) {
      awaited = value;
      return this;
    }

    /** The job. */
    public NewJob build() {
      if (key != null
          && key.policy().until() == KeyPolicy.Until.PURGED
          && retention.completed().isZero()) {
        throw new IllegalArgumentException(
            "Key '"
                + key.name()
                + "' holds until the job is purged, but its retention is zero."
                + " Give the job a retention above zero, or use whileUnfinished().");
      }
      return new NewJob(
          id,
          type,
          queue,
          payload,
          Map.copyOf(headers),
          runAt,
          priority,
          lifo,
          group,
          limitKey,
          key,
          dependencies,
          maxAttempts,
          timeout,
          deadline,
          retention,
          awaited);
    }
  }
}
