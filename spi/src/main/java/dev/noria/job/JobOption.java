package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * What one enqueue asks for beyond the defaults of its type; meant to be imported statically:
 *
 * <pre>{@code
 * queue.enqueue(SEND, email, in(Duration.ofHours(1)), priority(5), key("welcome-42"));
 * }</pre>
 *
 * <p>The same option twice in one call is an error. Immutable.
 */
public final class JobOption {
  private final String slot;

  /** All that it sets: the slot, and for several headers that of each. */
  private final List<String> sets;

  private final BiConsumer<NewJob.Builder, Instant> change;

  private JobOption(String slot, BiConsumer<NewJob.Builder, Instant> change) {
    this(slot, List.of(slot), change);
  }

  private JobOption(String slot, List<String> sets, BiConsumer<NewJob.Builder, Instant> change) {
    this.slot = slot;
    this.sets = sets;
    this.change = change;
  }

  /**
   * The id of the job, for those who need it before the job is stored: to let another job of the
   * same call depend on it, or to repeat an enqueue safely. An id that exists answers DUPLICATE.
   */
  public static JobOption id(JobId value) {
    requireNonNull(value, "value");
    return new JobOption("id", (job, now) -> job.id(value));
  }

  /** The queue the job goes to, instead of its type's. */
  public static JobOption queue(String name) {
    Limits.checkName("queue", name);
    return new JobOption("queue", (job, now) -> job.queue(name));
  }

  /** The job becomes due after {@code delay}, counted from the enqueue; not negative. */
  public static JobOption in(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("Delay " + delay + " is negative. Expected zero or more.");
    }
    return new JobOption("due (in, at)", (job, now) -> job.runAt(now.plus(delay)));
  }

  /** The job becomes due at {@code instant}; one in the past is due at once. */
  public static JobOption at(Instant instant) {
    requireNonNull(instant, "instant");
    return new JobOption("due (in, at)", (job, now) -> job.runAt(instant));
  }

  /** −100 to 100, higher first; default 0. */
  public static JobOption priority(int value) {
    return checked("priority", (job, now) -> job.priority(value));
  }

  /** At most one unfinished job of this key in its queue; a second one is a DUPLICATE. */
  public static JobOption key(String name) {
    return key(name, KeyPolicy.whileUnfinished());
  }

  /** Deduplication with a policy (S1.4). */
  public static JobOption key(String name, KeyPolicy policy) {
    JobKey key = new JobKey(name, policy);
    return new JobOption("key", (job, now) -> job.key(key));
  }

  /** The sub-line for fairness and limits. */
  public static JobOption group(String name) {
    return checked("group", (job, now) -> job.group(name));
  }

  /** The key for limits across queues. */
  public static JobOption limitKey(String name) {
    return checked("limitKey", (job, now) -> job.limitKey(name));
  }

  /** One header; different names may be given in one call. */
  public static JobOption header(String name, String value) {
    return checked(headerSlot(name), (job, now) -> job.header(name, value));
  }

  /** Several headers, none of which another option of the call gives. */
  public static JobOption headers(Map<String, String> headers) {
    Map<String, String> copy = Map.copyOf(headers);
    List<String> sets = new ArrayList<>();
    sets.add("headers");
    copy.keySet().forEach(name -> sets.add(headerSlot(name)));
    JobOption checked = checked("headers", (job, now) -> copy.forEach(job::header));
    return new JobOption(checked.slot, List.copyOf(sets), checked.change);
  }

  private static String headerSlot(String name) {
    return "header " + name;
  }

  /** After how many attempts the job is dead, at least 1. */
  public static JobOption attempts(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("Attempts " + max + " is out of range. At least 1.");
    }
    return new JobOption("attempts", (job, now) -> job.maxAttempts(max));
  }

  /** How long one attempt may run. */
  public static JobOption timeout(Duration value) {
    return checked("timeout", (job, now) -> job.timeout(value));
  }

  /** After which instant the job is not started any more; it ends DEAD(EXPIRED). */
  public static JobOption deadline(Instant instant) {
    return checked("deadline", (job, now) -> job.deadline(instant));
  }

  /** How long the completed job and its result are kept; failed ones stay 30 days. */
  public static JobOption retention(Duration completed) {
    return retention(new Retention(completed, Retention.NO_RESULT.failed()));
  }

  /** How long the finished job is kept. */
  public static JobOption retention(Retention value) {
    return checked("retention", (job, now) -> job.retention(value));
  }

  /** The job goes before older jobs of its priority. */
  public static JobOption lifo() {
    return new JobOption("lifo", (job, now) -> job.lifo(true));
  }

  /** The job waits until these are COMPLETED; it is cancelled when one of them fails. */
  public static JobOption dependsOn(JobId... ids) {
    return dependsOn(Dependencies.on(List.of(ids)));
  }

  /** The job waits for others, with policies of its own (S1.6). */
  public static JobOption dependsOn(Dependencies dependencies) {
    return checked("dependsOn", (job, now) -> job.dependencies(dependencies));
  }

  /** Somebody waits for the end of the job: it is signalled, and kept for an hour by default. */
  public static JobOption awaited() {
    return new JobOption("awaited", (job, now) -> job.awaited(true));
  }

  /** Applies the change once to a probe, so that a bad value fails where it is written. */
  private static JobOption checked(String slot, BiConsumer<NewJob.Builder, Instant> change) {
    change.accept(NewJob.builder(new JobId(0, 0), "probe", "probe", Bytes.EMPTY), Instant.EPOCH);
    return new JobOption(slot, change);
  }

  /** What the option sets: two options of one slot cannot stand in one call. */
  public String slot() {
    return slot;
  }

  /**
   * Makes the change.
   *
   * @param job what is being built
   * @param now the instant of the enqueue
   */
  public void applyTo(NewJob.Builder job, Instant now) {
    change.accept(job, now);
  }

  /**
   * A copy of {@code options}.
   *
   * @throws IllegalArgumentException if two of them set the same thing
   */
  public static List<JobOption> distinct(List<JobOption> options) {
    Set<String> slots = new HashSet<>();
    for (JobOption option : options) {
      for (String slot : option.sets) {
        if (!slots.add(slot)) {
          throw new IllegalArgumentException(
              "The option '" + slot + "' was given twice. Give it once.");
        }
      }
    }
    return List.copyOf(options);
  }

  /** As the one above, for an array. */
  public static List<JobOption> distinct(JobOption... options) {
    return distinct(Arrays.asList(options));
  }

  @Override
  public String toString() {
    return slot;
  }
}
