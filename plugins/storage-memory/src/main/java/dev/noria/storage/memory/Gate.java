package dev.noria.storage.memory;

import dev.noria.storage.Signals.Listener;
import dev.noria.storage.StorageException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/** Lets one call at a time to the {@link World}, and tells what it signalled afterwards. */
final class Gate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Outbox outbox = new Outbox();
  private final World world = new World(outbox);
  private boolean closed;

  /** Who listens; safe without the lock, except where it says so. */
  Outbox outbox() {
    return outbox;
  }

  /** Makes one unit of a call. */
  <T> T change(Instant now, Function<World, T> unit) {
    List<Consumer<Listener>> told = List.of();
    lock.lock();
    try {
      checkOpen();
      try {
        return unit.apply(world);
      } finally {
        told = outbox.close(now);
      }
    } finally {
      lock.unlock();
      if (!told.isEmpty()) {
        outbox.tell(told);
      }
    }
  }

  /** Looks without changing what could be signalled. */
  <T> T read(Function<World, T> unit) {
    lock.lock();
    try {
      checkOpen();
      return unit.apply(world);
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
          StorageException.Kind.UNAVAILABLE, "The memory storage is closed. Create a new one.");
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }
}
