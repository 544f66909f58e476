package dev.noria.storage.file;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sees that another process committed: the file system reports a new name in the folder of the log,
 * and every {@code poll} somebody looks anyhow.
 */
final class Watch {
  /** A busy log reports each of its commits; looking this often is enough. */
  private static final long BREATH_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final Supplier<Path> folder;
  private final Runnable look;
  private final long pollNanos;
  private final Thread thread;
  private volatile boolean closed;

  /** Calls {@code look} whenever something may have happened in {@code folder}. */
  Watch(Supplier<Path> folder, Runnable look, long pollNanos) {
    this.folder = folder;
    this.look = look;
    this.pollNanos = pollNanos;
    this.thread = new Thread(this::run, "noria-file-watch");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try (WatchService events = folder.get().getFileSystem().newWatchService()) {
        watch(events);
      } catch (UnsupportedOperationException | IOException e) {
        poll();
      } catch (ClosedWatchServiceException | InterruptedException e) {
        // Only close interrupts this thread.
        return;
      }
    }
  }

  private void watch(WatchService events) throws IOException, InterruptedException {
    Path watched = null;
    WatchKey key = null;
    while (!closed) {
      Path current = folder.get();
      if (!current.equals(watched)) {
        if (key != null) {
          key.cancel();
        }
        key = current.register(events, StandardWatchEventKinds.ENTRY_CREATE);
        watched = current;
        look.run();
      }
      if (wait(events, key)) {
        LockSupport.parkNanos(BREATH_NANOS);
      }
      look.run();
    }
  }

  /** Whether the file system reported something. */
  private boolean wait(WatchService events, @Nullable WatchKey key) throws InterruptedException {
    WatchKey fired = events.poll(pollNanos, TimeUnit.NANOSECONDS);
    if (fired == null) {
      return false;
    }
    fired.pollEvents();
    if (!fired.reset() && fired.equals(key)) {
      // The folder was retired; the next look finds the new one.
      LockSupport.parkNanos(BREATH_NANOS);
    }
    return true;
  }

  private void poll() {
    LockSupport.parkNanos(pollNanos);
    if (!closed) {
      look.run();
    }
  }

  void close() {
    closed = true;
    thread.interrupt();
    boolean interrupted = false;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
