package dev.noria.storage;

import static java.util.Objects.requireNonNull;

import dev.noria.job.Limits;
import java.time.Instant;
import java.util.List;

/**
 * What a worker asks for (S2). Immutable.
 *
 * @param owner the id of the worker, visible on its jobs
 * @param nonce random per start of the worker; becomes part of each lease
 * @param expiresAt when the leases expire unless extended, in milliseconds; after now
 * @param demands how many jobs of which queue, strongest wish first; no queue twice
 * @param total most jobs over all demands
 * @param maxBytes most payload bytes over all jobs; the first job is returned whatever its size
 * @param park whether the caller counts as sleeping on these queues when it gets fewer than {@code
 *     total}: the storage then signals the next work (S2.7). Decided in the same unit as the look.
 * @param policyVersion the newest version of the queue policies that the caller knows of; a storage
 *     that caches policies must use at least that version (S2.5). 0: none
 */
public record DequeueRequest(
    String owner,
    long nonce,
    Instant expiresAt,
    List<Demand> demands,
    int total,
    long maxBytes,
    boolean park,
    long policyVersion) {

  /**
   * How many jobs of one queue.
   *
   * @param queue the queue
   * @param limit most jobs of it; at least 1
   */
  public record Demand(String queue, int limit) {
    /** Checks name and range. */
    public Demand {
      Limits.checkName("queue", queue);
      if (limit < 1) {
        throw new IllegalArgumentException("Limit " + limit + " is too small. At least 1.");
      }
    }
  }

  /** Checks the ranges. A total of zero asks for nothing and returns nothing. */
  public DequeueRequest {
    requireNonNull(owner, "owner");
    requireNonNull(expiresAt, "expiresAt");
    demands = List.copyOf(demands);
    if (total < 0 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "total "
              + total
              + " or maxBytes "
              + maxBytes
              + " is out of range. Expected total >= 0"
              + " and maxBytes >= 1.");
    }
  }

  /** Asks for nothing: for acks that travel alone. */
  public static DequeueRequest nothing(String owner, long nonce, Instant expiresAt) {
    return new DequeueRequest(owner, nonce, expiresAt, List.of(), 0, Long.MAX_VALUE, false, 0);
  }

  /** The same with other demands. */
  public DequeueRequest withDemands(List<Demand> other, int total) {
    return new DequeueRequest(owner, nonce, expiresAt, other, total, maxBytes, park, policyVersion);
  }

  /** The same with another expiry of the leases. */
  public DequeueRequest expiringAt(Instant other) {
    return new DequeueRequest(owner, nonce, other, demands, total, maxBytes, park, policyVersion);
  }
}
