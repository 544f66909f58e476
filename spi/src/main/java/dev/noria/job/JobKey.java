package dev.noria.job;

import static java.util.Objects.requireNonNull;

/**
 * The deduplication key of a job, unique within its queue (S1.4). Immutable.
 *
 * @param name 1 to 200 bytes of UTF-8
 * @param policy how long it holds, and what a newcomer does
 */
public record JobKey(String name, KeyPolicy policy) {

  /** Checks the name. */
  public JobKey {
    Limits.checkName("key", name);
    requireNonNull(policy, "policy");
  }
}
