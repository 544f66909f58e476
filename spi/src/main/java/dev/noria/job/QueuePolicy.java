package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one queue and how its groups share it (S2.5). Stored with the queue, so that every
 * worker obeys the same one. A job without a group is in the group {@code ""}, to which {@code
 * defaults} does not apply: it has weight 1 and only the queue's own limit. Immutable.
 *
 * @param maxRunning most leased jobs of the queue at once; 0: unlimited
 * @param defaults for groups that have neither a tier nor an entry of their own
 * @param tiers named policies
 * @param tierOf group → tier; a tier without an entry in {@code tiers} means {@code defaults}
 * @param overrides group → policy of its own; stronger than its tier
 */
public record QueuePolicy(
    int maxRunning,
    GroupPolicy defaults,
    Map<String, GroupPolicy> tiers,
    Map<String, String> tierOf,
    Map<String, GroupPolicy> overrides) {
  /** No limits; groups share evenly. */
  public static final QueuePolicy UNLIMITED =
      new QueuePolicy(0, GroupPolicy.UNLIMITED, Map.of(), Map.of(), Map.of());

  /** Checks the range and copies the maps. */
  public QueuePolicy {
    if (maxRunning < 0) {
      throw new IllegalArgumentException(
          "maxRunning " + maxRunning + " is negative. Expected at least 1, or 0 for unlimited.");
    }
    requireNonNull(defaults, "defaults");
    tiers = Map.copyOf(tiers);
    tierOf = Map.copyOf(tierOf);
    overrides = Map.copyOf(overrides);
  }

  /** The policy of {@code group}; null is the group of jobs without one. */
  public GroupPolicy of(@Nullable String group) {
    if (group == null || group.isEmpty()) {
      return GroupPolicy.UNLIMITED;
    }
    GroupPolicy own = overrides.get(group);
    if (own != null) {
      return own;
    }
    String tier = tierOf.get(group);
    GroupPolicy ofTier = tier == null ? null : tiers.get(tier);
    return ofTier == null ? defaults : ofTier;
  }

  /** The same with another limit for the whole queue. */
  public QueuePolicy withMaxRunning(int value) {
    return new QueuePolicy(value, defaults, tiers, tierOf, overrides);
  }

  /** The same with another policy for groups that have none of their own. */
  public QueuePolicy withDefaults(GroupPolicy value) {
    return new QueuePolicy(maxRunning, value, tiers, tierOf, overrides);
  }

  /** The same with other tiers. */
  public QueuePolicy withTiers(Map<String, GroupPolicy> tiers, Map<String, String> tierOf) {
    return new QueuePolicy(maxRunning, defaults, tiers, tierOf, overrides);
  }

  /** The same with other overrides. */
  public QueuePolicy withOverrides(Map<String, GroupPolicy> value) {
    return new QueuePolicy(maxRunning, defaults, tiers, tierOf, value);
  }
}
