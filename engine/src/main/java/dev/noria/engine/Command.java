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
  /** The present of the call in milliseconds; 0 where it has none. */
  final long now;

  Command(long now) {
    this.now = now;
  }

  /** The command as bytes, contents included; {@link Replica#apply} reads them. */
  public final byte[] encode() {
    Out out = new Out();
    out.choice(kind(), Kind.ALL);
    out.number(now);
    write(out);
    return out.toArray();
  }

  static Command<?> decode(In in) {
    Kind kind = in.choice(Kind.ALL);
    long now = in.number();
    return switch (kind) {
      case ENQUEUE -> EnqueueCommand.read(in, now);
      case EXCHANGE -> ExchangeCommand.read(in, now);
      case EXTEND -> LeaseCommands.Extend.read(in, now);
      case MAINTAIN -> MaintainCommand.read(in, now);
      case GONE -> LeaseCommands.Gone.read(in, now);
      case CORRUPT -> LeaseCommands.Corrupt.read(in, now);
      case CHANGE -> ChangeCommand.read(in, now);
      case REMOVE -> RemoveCommand.read(in, now);
      case PURGE -> PurgeCommand.read(in, now);
      case PAUSE -> QueueCommands.Pause.read(in, now);
      case POLICY -> QueueCommands.Policy.read(in, now);
      case WRITE_REGISTER -> RegisterCommands.Write.read(in, now);
      case DELETE_REGISTER -> RegisterCommands.Delete.read(in, now);
      case ADVANCE -> RegisterCommands.Forward.read(in, now);
      case PROGRESS, LOG, STEP -> NoteCommand.read(in, kind);
      case MODE -> QueueCommands.Recording.read(in);
      case RESTORE -> RestoreCommand.read(in, now);
    };
  }

  /** The process {@code instance} is known to be dead: its leases expire. Replies how many. */
  public static Command<Integer> gone(long instance, Instant now) {
    return new LeaseCommands.Gone(instance, true, now.toEpochMilli());
  }

  /** The process {@code instance} ends in order: its leases stay, and nobody has to watch it. */
  public static Command<Integer> left(long instance) {
    return new LeaseCommands.Gone(instance, false, 0);
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
