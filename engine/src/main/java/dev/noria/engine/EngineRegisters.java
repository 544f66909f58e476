package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.Registers;
import dev.noria.storage.StorageException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Small versioned entries (C3). */
final class EngineRegisters implements Registers {
  private final Replica replica;
  private final Engine engine;

  EngineRegisters(Replica replica, Engine engine) {
    this.replica = replica;
    this.engine = engine;
  }

  @Override
  public Optional<Register> get(String name, Instant now) {
    return replica.read(world -> Optional.ofNullable(world.registers.get(name, now)));
  }

  @Override
  public Optional<Register> compareAndSet(
      String name, long expectedVersion, Bytes value, @Nullable Instant expiresAt, Instant now) {
    return replica.read(
        world -> {
          check(world, name, value);
          return world.registers.isAt(name, expectedVersion, now)
              ? Optional.of(world.registers.put(name, value, expiresAt))
              : Optional.empty();
        });
  }

  private static void check(World world, String name, Bytes value) {
    Limits.checkName("register", name);
    if (value.size() > world.limits.payloadBytes()) {
      throw new StorageException(
          StorageException.Kind.LIMIT,
          "The value of register '"
              + name
              + "' has "
              + value.size()
              + " bytes. At most "
              + world.limits.payloadBytes()
              + " fit.");
    }
  }

  @Override
  public boolean delete(String name, long expectedVersion, Instant now) {
    return replica.read(
        world -> {
          Register register = world.registers.get(name, now);
          boolean deleted = register != null && register.version() == expectedVersion;
          if (deleted) {
            world.registers.remove(name);
          }
          return deleted;
        });
  }

  @Override
  public List<Register> list(String prefix, @Nullable String after, int limit, Instant now) {
    Capabilities.checkLimit(limit);
    return replica.read(world -> world.registers.list(prefix, after, limit, now));
  }

  @Override
  @SuppressWarnings("unchecked")
  public Optional<Advance> advance(
      CallId call, String name, long expectedVersion, Bytes value, List<NewJob> jobs, Instant now) {
    return replica.change(
        now,
        world ->
            world.calls.once(
                call,
                Optional.class,
                now,
                () -> advance(world, new Move(name, expectedVersion, value), jobs, now)));
  }

  /** Where a register shall move. */
  private record Move(String name, long expected, Bytes value) {}

  private Optional<Advance> advance(World world, Move move, List<NewJob> jobs, Instant now) {
    check(world, move.name, move.value);
    if (!world.registers.isAt(move.name, move.expected, now)) {
      return Optional.empty();
    }
    List<EnqueueReceipt> receipts = engine.enqueuing().enqueue(jobs, now);
    Register old = world.registers.get(move.name, now);
    Instant expiresAt = old == null ? null : old.expiresAt();
    return Optional.of(
        new Advance(world.registers.put(move.name, move.value, expiresAt), receipts));
  }
}
