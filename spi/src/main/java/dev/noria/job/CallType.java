package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A type of job whose handler returns a result, kept as long as the retention says. Declare it once
 * as a constant and use it on both sides:
 *
 * <pre>{@code
 * static final CallType<Basket, Quote> QUOTE = CallType.of("price.quote", Basket.class, Quote.class);
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param <P> the payload
 * @param <R> the result
 * @param name the stable name that picks the handler; 1 to 200 bytes of UTF-8
 * @param payload the class of the payload
 * @param result the class of the result
 * @param queue where jobs of this type go by default
 * @param options what every enqueue of this type starts from
 */
public record CallType<P, R>(
    String name, Class<P> payload, Class<R> result, String queue, List<JobOption> options)
    implements JobKind<P> {
  /** Checks the names and that no option is there twice. */
  public CallType {
    Limits.checkName("type", name);
    requireNonNull(payload, "payload");
    requireNonNull(result, "result");
    Limits.checkName("queue", queue);
    options = JobOption.distinct(options);
  }

  /** A type with the given name, payload and result class, in the queue {@code default}. */
  public static <P, R> CallType<P, R> of(String name, Class<P> payload, Class<R> result) {
    return new CallType<>(name, payload, result, JobType.DEFAULT_QUEUE, List.of());
  }

  /** The same type with another default queue. */
  public CallType<P, R> queue(String name) {
    return new CallType<>(this.name, payload, result, name, options);
  }

  /** The same type with these options as the starting point of every enqueue. */
  public CallType<P, R> with(JobOption... options) {
    return new CallType<>(name, payload, result, queue, List.of(options));
  }
}
