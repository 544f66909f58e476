package dev.noria.job;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list; what is null or empty does not restrict. Immutable.
 *
 * @param queue only of this queue
 * @param type only of this type
 * @param states only in one of these states; empty for any
 * @param group only of this group
 * @param key only with this key
 * @param fingerprint only those whose last error has this fingerprint
 * @param from only those enqueued at or after
 * @param to only those enqueued before
 */
public record JobFilter(
    @Nullable String queue,
    @Nullable String type,
    Set<JobState> states,
    @Nullable String group,
    @Nullable String key,
    @Nullable String fingerprint,
    @Nullable Instant from,
    @Nullable Instant to) {
  private static final JobFilter ALL =
      new JobFilter(null, null, Set.of(), null, null, null, null, null);

  /** Copies the states. */
  public JobFilter {
    states = Set.copyOf(states);
  }

  /** Every job. */
  public static JobFilter all() {
    return ALL;
  }

  /** Only of this queue. */
  public JobFilter queue(String name) {
    return new JobFilter(name, type, states, group, key, fingerprint, from, to);
  }

  /** Only of this type. */
  public JobFilter type(String name) {
    return new JobFilter(queue, name, states, group, key, fingerprint, from, to);
  }

  /** Only in one of these states. */
  public JobFilter states(JobState... any) {
    return new JobFilter(queue, type, Set.of(any), group, key, fingerprint, from, to);
  }

  /** Only of this group. */
  public JobFilter group(String name) {
    return new JobFilter(queue, type, states, name, key, fingerprint, from, to);
  }

  /** Only with this key. */
  public JobFilter key(String name) {
    return new JobFilter(queue, type, states, group, name, fingerprint, from, to);
  }

  /** Only those whose last error has this fingerprint. */
  public JobFilter fingerprint(String value) {
    return new JobFilter(queue, type, states, group, key, value, from, to);
  }

  /** Only those enqueued at or after {@code first} and before {@code end}; null for open. */
  public JobFilter enqueued(@Nullable Instant first, @Nullable Instant end) {
    return new JobFilter(queue, type, states, group, key, fingerprint, first, end);
  }
}
