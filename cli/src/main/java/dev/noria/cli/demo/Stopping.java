package dev.noria.cli.demo;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Turns Ctrl-C and SIGTERM into an orderly end: who asks here gets told, and is waited for. */
final class Stopping implements AutoCloseable {
  private static final long LONGEST_SECONDS = 20;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  private Stopping() {}

  /** From now on a signal is a request; when it was heeded, {@code lastWords} are printed. */
  static Stopping onSignal(PrintWriter out, String lastWords) {
    Stopping stopping = new Stopping();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stopping.request(out, lastWords), "noria-demo-stop"));
    return stopping;
  }

  private void request(PrintWriter out, String lastWords) {
    if (ended.getCount() == 0) {
      return;
    }
    requested.countDown();
    try {
      if (ended.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        out.println(lastWords);
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Waits a little, and less when it is requested. */
  void pause(long millis) throws InterruptedException {
    boolean ignored = requested.await(millis, TimeUnit.MILLISECONDS);
  }

  /** All is in order. */
  @Override
  public void close() {
    ended.countDown();
  }
}
