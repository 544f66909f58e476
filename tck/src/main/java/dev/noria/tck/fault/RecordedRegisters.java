package dev.noria.tck.fault;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.Registers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hears the jobs that come with a register. */
final class RecordedRegisters implements Registers {
  private final Registers inner;
  private final Scribe scribe;

  RecordedRegisters(Registers inner, Scribe scribe) {
    this.inner = inner;
    this.scribe = scribe;
  }

  @Override
  public Optional<Advance> advance(
      CallId call, String name, long expectedVersion, Bytes value, List<NewJob> jobs, Instant now) {
    return scribe.call(
        call,
        Scribe.sent(call, jobs, now),
        () -> inner.advance(call, name, expectedVersion, value, jobs, now),
        advance -> Scribe.receipts(call, jobs, receipts(advance, jobs)));
  }

  private static List<EnqueueReceipt> receipts(Optional<Advance> advance, List<NewJob> jobs) {
    return advance
        .map(Advance::receipts)
        .orElseGet(
            () ->
                jobs.stream()
                    .map(job -> EnqueueReceipt.rejected(job.id(), "the register was another"))
                    .toList());
  }

  @Override
  public Optional<Register> get(String name, Instant now) {
    return inner.get(name, now);
  }

  @Override
  public Optional<Register> compareAndSet(
      String name, long expectedVersion, Bytes value, @Nullable Instant expiresAt, Instant now) {
    return inner.compareAndSet(name, expectedVersion, value, expiresAt, now);
  }

  @Override
  public boolean delete(String name, long expectedVersion, Instant now) {
    return inner.delete(name, expectedVersion, now);
  }

  @Override
  public List<Register> list(String prefix, @Nullable String after, int limit, Instant now) {
    return inner.list(prefix, after, limit, now);
  }
}
