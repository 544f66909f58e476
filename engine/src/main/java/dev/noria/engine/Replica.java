package dev.noria.engine;

import dev.noria.storage.Signals.Listener;
import dev.noria.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state of one namespace. It changes by {@link Command}s only, one at a time, and
 * the same commands in the same order give the same state and the same replies anywhere. Who sleeps
 * and who listens is not part of it: each process has its own. Thread-safe; signals are told after
 * the lock is free.
 */
public final class Replica {
  private final ReentrantLock lock = new ReentrantLock();
  private final Outbox outbox = new Outbox();
  private Engine engine = new Engine(new World(outbox));
  private final Executor teller;
  private boolean closed;

  /** An empty state that tells signals on the thread that applied the command. */
  public Replica() {
    this(Runnable::run);
  }

  /** An empty state that lets {@code teller} tell signals, in order. */
  public Replica(Executor teller) {
    this.teller = teller;
  }

  /**
   * Applies a command of this process without going through bytes, and returns its reply. Throws
   * what the call throws.
   */
  public <T> T run(Command<T> command) {
    return change(
        command.now,
        any -> {
          T reply = command.run(any);
          command.own(any, reply);
          return reply;
        });
  }

  /** The reply to a command, if it can be given without any change; else it must be committed. */
  public <T> Optional<T> answer(Command<T> command) {
    return change(
        command.now,
        any -> {
          Optional<T> reply = command.answer(any);
          reply.ifPresent(known -> command.own(any, known));
          return reply;
        });
  }

  /**
   * Applies a command of this process as it stands in the log, and returns its reply. Throws what
   * the call throws, which is part of the deterministic outcome: the log goes on.
   *
   * @param own the command that {@code file} holds the bytes of
   * @param sequence the commit that brings it; not negative, growing
   * @param file holds what {@link Command#encode} gave, from {@code offset} on; contents are
   *     remembered by their offset in it
   */
  @SuppressWarnings("unchecked")
  public <T> T apply(Command<T> own, long sequence, byte[] file, int offset, int length) {
    Command<T> command = (Command<T>) Command.decode(new In(file, offset, length, sequence));
    return change(
        command.now,
        any -> {
          T reply = command.run(any);
          own.own(any, reply);
          return reply;
        });
  }

  /**
   * Applies a command of another process as it stands in the log. What its call throws there is
   * swallowed here.
   *
   * @throws StorageException of kind CORRUPT if the bytes are no command; nothing has changed then
   */
  public void apply(long sequence, byte[] file, int offset, int length) {
    Command<?> command = Command.decode(new In(file, offset, length, sequence));
    try {
      Object ignored = change(command.now, command::run);
    } catch (StorageException e) {
      if (e.kind() == StorageException.Kind.UNAVAILABLE) {
        throw e;
      }
    }
  }

  /** Writes the whole state; equal states give equal bytes. The lock is held all the time. */
  public void snapshot(OutputStream out) throws IOException {
    lock.lock();
    try {
      new Snapshot(engine.world).write(out);
    } finally {
      lock.unlock();
    }
  }

  /** Replaces the state by one that {@link #snapshot} wrote; who sleeps hears of new work. */
  public void restore(InputStream in) throws IOException {
    World restored = new World(outbox);
    new Snapshot(restored).read(in);
    Engine other = new Engine(restored);
    change(
        0,
        any -> {
          outbox.replaced(any.world, restored);
          engine = other;
          return other;
        });
  }

  /** How many contents of a commit are still needed. */
  public int live(long sequence) {
    return read(world -> world.live.of(sequence));
  }

  /** The commits of which contents are needed, ascending. */
  public long[] live() {
    return read(world -> world.live.all());
  }

  /** How many jobs there are. */
  public int jobs() {
    return read(world -> world.jobs.size());
  }

  /** Ends all calls: they are refused from now on. */
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Who listens; safe without the lock, except where it says so. */
  Outbox outbox() {
    return outbox;
  }

  /** Makes one unit of a call, and tells afterwards what it signalled. */
  private <T> T change(long now, Function<Engine, T> unit) {
    List<Consumer<Listener>> told = List.of();
    lock.lock();
    try {
      checkOpen();
      try {
        return unit.apply(engine);
      } finally {
        told = outbox.close(now);
      }
    } finally {
      lock.unlock();
      if (!told.isEmpty()) {
        List<Consumer<Listener>> signals = told;
        teller.execute(() -> outbox.tell(signals));
      }
    }
  }

  /** Looks without changing anything. */
  <T extends @Nullable Object> T read(Function<World, T> unit) {
    lock.lock();
    try {
      checkOpen();
      return unit.apply(engine.world);
    } finally {
      lock.unlock();
    }
  }

  /** Changes who waits for what; works on a closed storage, so that closing is never refused. */
  void always(Consumer<Outbox> change) {
    lock.lock();
    try {
      change.accept(outbox);
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new StorageException(
          StorageException.Kind.UNAVAILABLE, "The storage is closed. Open a new one.");
    }
  }
}
