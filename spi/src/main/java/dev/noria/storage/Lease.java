package dev.noria.storage;

import static java.util.Objects.requireNonNull;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;

/**
 * The right to run one attempt of a job (S2.2). Epoch and nonce together fence every write of the
 * attempt: they are part of each compare-and-set. Immutable.
 *
 * @param id the job
 * @param epoch +1 at each dequeue of the job
 * @param nonce random per start of the worker that took it; tells leases apart whose epochs repeat
 *     because durability lost the later ones
 * @param locator at most 64 bytes that help the storage to find the job again; opaque
 */
public record Lease(JobId id, long epoch, long nonce, Bytes locator) {

  /** The locator must fit. */
  public Lease {
    requireNonNull(id, "id");
    if (locator.size() > 64) {
      throw new IllegalArgumentException(
          "A lease locator of " + locator.size() + " bytes was made. At most 64 are allowed.");
    }
  }
}
