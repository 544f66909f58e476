package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.Registers.Advance;
import dev.noria.storage.Registers.Register;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes of registers (C3). */
final class RegisterCommands {
  private RegisterCommands() {}

  /** A register, the version it must have, and its new value. */
  record Move(String name, long expected, Bytes value) {

    boolean isDue(Engine engine, long now) {
      return engine.world.registers.isAt(name, expected, Instant.ofEpochMilli(now));
    }

    void write(Out out) {
      out.name(name);
      out.number(expected);
      out.bytes(value);
    }

    static Move read(In in) {
      String name = in.name();
      long expected = in.number();
      return new Move(name, expected, in.bytes());
    }
  }

  /** Compare-and-set. */
  static final class Write extends Command<Optional<Register>> {
    private final Move move;
    private final @Nullable Instant expiresAt;

    Write(Move move, @Nullable Instant expiresAt, long now) {
      super(now);
      this.move = move;
      this.expiresAt = expiresAt;
    }

    @Override
    Kind kind() {
      return Kind.WRITE_REGISTER;
    }

    @Override
    void write(Out out) {
      move.write(out);
      out.optional(expiresAt, out::precise);
    }

    static Write read(In in, long now) {
      Move move = Move.read(in);
      return new Write(move, in.optional(in::precise), now);
    }

    @Override
    Optional<Register> run(Engine engine) {
      return move.isDue(engine, now)
          ? Optional.of(engine.world.registers.put(move.name, move.value, expiresAt))
          : Optional.empty();
    }

    @Override
    Optional<Optional<Register>> answer(Engine engine) {
      return move.isDue(engine, now) ? Optional.empty() : Optional.of(Optional.empty());
    }
  }

  /** Deletes a register of the expected version. */
  static final class Delete extends Command<Boolean> {
    private final String name;
    private final long expected;

    Delete(String name, long expected, long now) {
      super(now);
      this.name = name;
      this.expected = expected;
    }

    @Override
    Kind kind() {
      return Kind.DELETE_REGISTER;
    }

    @Override
    void write(Out out) {
      out.name(name);
      out.number(expected);
    }

    static Delete read(In in, long now) {
      String name = in.name();
      return new Delete(name, in.number(), now);
    }

    private boolean isDue(Engine engine) {
      Register register = engine.world.registers.get(name, Instant.ofEpochMilli(now));
      return register != null && register.version() == expected;
    }

    @Override
    Boolean run(Engine engine) {
      boolean due = isDue(engine);
      if (due) {
        engine.world.registers.remove(name);
      }
      return due;
    }

    @Override
    Optional<Boolean> answer(Engine engine) {
      return isDue(engine) ? Optional.empty() : Optional.of(false);
    }
  }

  /** Moves a register and enqueues jobs, or does neither (C3.5). */
  static final class Forward extends Command<Optional<Advance>> {
    private final CallId call;
    private final Move move;
    private final List<Draft> jobs;

    Forward(CallId call, Move move, List<Draft> jobs, long now) {
      super(now);
      this.call = call;
      this.move = move;
      this.jobs = jobs;
    }

    @Override
    Kind kind() {
      return Kind.ADVANCE;
    }

    @Override
    void write(Out out) {
      Wire.call(out, call);
      move.write(out);
      EnqueueCommand.writeJobs(out, jobs);
    }

    static Forward read(In in, long now) {
      CallId call = Wire.call(in);
      Move move = Move.read(in);
      return new Forward(call, move, EnqueueCommand.readJobs(in), now);
    }

    @Override
    @SuppressWarnings("unchecked")
    Optional<Advance> run(Engine engine) {
      return engine.world.calls.once(call, Optional.class, now, () -> advance(engine));
    }

    private Optional<Advance> advance(Engine engine) {
      if (!move.isDue(engine, now)) {
        return Optional.empty();
      }
      List<EnqueueReceipt> receipts = engine.enqueuing().enqueue(jobs, now);
      Register old = engine.world.registers.get(move.name, Instant.ofEpochMilli(now));
      Instant expiresAt = old == null ? null : old.expiresAt();
      Register moved = engine.world.registers.put(move.name, move.value, expiresAt);
      return Optional.of(new Advance(moved, receipts));
    }

    @Override
    @SuppressWarnings("unchecked")
    Optional<Optional<Advance>> answer(Engine engine) {
      Optional<Advance> again = engine.world.calls.again(call, Optional.class);
      return Optional.ofNullable(again);
    }
  }
}
