package dev.noria.kernel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Makes the calls of a storage that an interrupt could hurt: whoever calls waits for a thread that
 * nobody interrupts. As many threads as there are calls at once, so that a heartbeat never stands
 * behind a slow call. Thread-safe.
 */
final class StorageThreads implements AutoCloseable {
  private final ExecutorService executor =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "noria-storage");
            thread.setDaemon(true);
            return thread;
          });

  /** Calls and waits for the answer; an interrupt of the caller stays pending. */
  <T> T call(Supplier<T> call) {
    CompletableFuture<T> answer;
    try {
      answer = CompletableFuture.supplyAsync(call, executor);
    } catch (RejectedExecutionException e) {
      return call.get(); // closed: nothing is left to hurt, and the storage says so in its words
    }
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
