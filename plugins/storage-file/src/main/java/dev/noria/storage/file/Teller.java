package dev.noria.storage.file;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Calls listeners on a thread of their own, which comes when there is something to tell: they may
 * call the storage, whose own thread can not wait for itself. Thread-safe.
 */
final class Teller implements Executor {
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.MINUTES,
          new LinkedBlockingQueue<>(),
          work -> {
            Thread named = new Thread(work, "noria-file-signals");
            named.setDaemon(true);
            return named;
          });

  Teller() {
    thread.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable telling) {
    try {
      thread.execute(telling);
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: signals are hints.
    }
  }

  void close() {
    thread.shutdown();
  }
}
