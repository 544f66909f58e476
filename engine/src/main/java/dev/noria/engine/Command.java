package dev.noria.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One change of the replicated state: a call of the storage as a value. Made by {@link
 * EngineStorage}, given to its {@link Journal}, applied by {@link Replica}s. Immutable; not to be
 * implemented elsewhere.
 *
 * @param <T> what it replies
 */
public abstract class Command<T> {
  final Instant now;

  Command(Instant now) {
    this.now = now;
  }

  /** The present of the call. */
  public final Instant now() {
    return now;
  }

  /** The command as bytes, contents included; {@link Replica#apply} reads them. */
  public final byte[] encode() {
    Out out = new Out();
    out.bits(Kind.ALL.indexOf(kind()));
    out.instant(now);
    write(out);
    return out.toArray();
  }

  /** An owner of leases is known to be dead: they expire at once. */
  public static Command<Integer> gone(long instance, Instant now) {
    return new Owners.Gone(instance, now);
  }

  abstract Kind kind();

  abstract void write(Out out);

  /** Makes the change, under the lock of the replica. */
  abstract T run(Engine engine);

  /** The reply, if it can be given without changing anything; under the lock of the replica. */
  Optional<T> answer(Engine engine) {
    return Optional.empty();
  }

  /** What the process that made the call does besides, in the same unit. */
  void own(Engine engine, T reply) {}

  /** What the bytes of a command start with. Only ever append. */
  enum Kind {
    ENQUEUE,
    EXCHANGE,
    EXTEND,
    MAINTAIN,
    GONE,
    CORRUPT,
    CHANGE,
    REMOVE,
    PURGE,
    PAUSE,
    POLICY,
    WRITE_REGISTER,
    DELETE_REGISTER,
    ADVANCE,
    PROGRESS,
    LOG,
    STEP,
    MODE,
    RESTORE;

    static final List<Kind> ALL = List.of(values());
  }
}
