package dev.noria.engine;

import dev.noria.engine.RegisterCommands.Move;
import dev.noria.job.Bytes;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.Registers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Small versioned entries (C3). */
final class EngineRegisters implements Registers {
  private final Access access;

  EngineRegisters(Access access) {
    this.access = access;
  }

  @Override
  public Optional<Register> get(String name, Instant now) {
    return access.read(world -> Optional.ofNullable(world.registers.get(name, now)));
  }

  @Override
  public Optional<Register> compareAndSet(
      String name, long expectedVersion, Bytes value, @Nullable Instant expiresAt, Instant now) {
    Move move = move(name, expectedVersion, value);
    return access.commit(new RegisterCommands.Write(move, expiresAt, now.toEpochMilli()));
  }

  private Move move(String name, long expectedVersion, Bytes value) {
    Limits.checkName("register", name);
    access.checkSize("The value of register '" + name + "'", value.size());
    return new Move(name, expectedVersion, value);
  }

  @Override
  public boolean delete(String name, long expectedVersion, Instant now) {
    return access.commit(new RegisterCommands.Delete(name, expectedVersion, now.toEpochMilli()));
  }

  @Override
  public List<Register> list(String prefix, @Nullable String after, int limit, Instant now) {
    Capabilities.checkLimit(limit);
    return access.read(world -> world.registers.list(prefix, after, limit, now));
  }

  @Override
  public Optional<Advance> advance(
      CallId call, String name, long expectedVersion, Bytes value, List<NewJob> jobs, Instant now) {
    Move move = move(name, expectedVersion, value);
    return access.commit(
        new RegisterCommands.Forward(call, move, Draft.of(jobs), now.toEpochMilli()));
  }
}
