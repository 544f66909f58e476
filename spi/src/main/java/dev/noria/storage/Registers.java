package dev.noria.storage;

import static java.util.Objects.requireNonNull;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Small versioned entries with compare-and-set: leader leases, schedules, the worker registry,
 * overrides. An expired entry counts as absent. A version is never used twice for one name, not
 * even after a delete. Thread-safe.
 */
public interface Registers extends Capability {

  /** C3.1. The entry, unless it is absent or expired. */
  Optional<Register> get(String name, Instant now);

  /**
   * C3.2. Writes the entry if its version is the expected one.
   *
   * @param expectedVersion the version last read; 0: only if absent or expired
   * @param expiresAt when it vanishes; null: never
   * @return the new entry; empty when the version was another one
   */
  Optional<Register> compareAndSet(
      String name, long expectedVersion, Bytes value, @Nullable Instant expiresAt, Instant now);

  /** C3.3. Deletes the entry if its version is the expected one; says whether it did. */
  boolean delete(String name, long expectedVersion, Instant now);

  /**
   * C3.4. The entries whose names start with {@code prefix}, in bytewise order.
   *
   * @param after only names after this one; null: from the start
   * @param limit most entries, 1 to 1000
   */
  List<Register> list(String prefix, @Nullable String after, int limit, Instant now);

  /**
   * C3.5. Moves the register and enqueues jobs in one unit, or does neither: one job per tick,
   * however many schedulers believe to be the leader (I10).
   *
   * @return the new entry and one receipt per job; empty when the version was another one
   */
  Optional<Advance> advance(
      CallId call, String name, long expectedVersion, Bytes value, List<NewJob> jobs, Instant now);

  /**
   * An entry.
   *
   * @param name 1 to 200 bytes of UTF-8
   * @param value what it holds; at most a payload
   * @param version growing with each write
   * @param expiresAt when it vanishes; null: never
   */
  record Register(String name, Bytes value, long version, @Nullable Instant expiresAt) {
    /** Checks the name. */
    public Register {
      Limits.checkName("register", name);
      requireNonNull(value, "value");
    }
  }

  /**
   * A successful advance.
   *
   * @param register the entry as it is now
   * @param receipts one for each job, in order
   */
  record Advance(Register register, List<EnqueueReceipt> receipts) {
    /** Copies the receipts. */
    public Advance {
      receipts = List.copyOf(receipts);
    }
  }
}
