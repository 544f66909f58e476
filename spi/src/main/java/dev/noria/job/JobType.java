package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A type of job whose handler returns nothing. Declare it once as a constant and use it on both
 * sides:
 *
 * <pre>{@code
 * static final JobType<Email> SEND = JobType.of("email.send", Email.class).queue("mail");
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param <P> the payload
 * @param name the stable name that picks the handler; 1 to 200 bytes of UTF-8
 * @param payload the class of the payload
 * @param queue where jobs of this type go by default
 * @param options what every enqueue of this type starts from
 */
public record JobType<P>(String name, Class<P> payload, String queue, List<JobOption> options)
    implements JobKind<P> {
  /** The queue of types that name none. */
  public static final String DEFAULT_QUEUE = "default";

  /** Checks the names and that no option is there twice. */
  public JobType {
    Limits.checkName("type", name);
    requireNonNull(payload, "payload");
    Limits.checkName("queue", queue);
    options = JobOption.distinct(options);
  }

  /** A type with the given name and payload class, in the queue {@code default}. */
  public static <P> JobType<P> of(String name, Class<P> payload) {
    return new JobType<>(name, payload, DEFAULT_QUEUE, List.of());
  }

  /** The same type with another default queue. */
  public JobType<P> queue(String name) {
    return new JobType<>(this.name, payload, name, options);
  }

  /** The same type with these options as the starting point of every enqueue. */
  public JobType<P> with(JobOption... options) {
    return new JobType<>(name, payload, queue, List.of(options));
  }
}
