package dev.noria.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Threads that set off at the same moment. When one fails the others are interrupted, so a task
 * that waits for the others in a loop ends with {@link #goesOn}.
 */
final class Crew {
  private static final long SECONDS = 60;

  private Crew() {}

  /** Runs {@code size} tasks at once and answers what they returned, in their order. */
  static <T> List<T> run(int size, IntFunction<? extends Callable<T>> task) {
    List<Callable<T>> tasks = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      tasks.add(task.apply(i));
    }
    return run(tasks);
  }

  /** Runs all tasks at once and answers what they returned, in their order. */
  static <T> List<T> run(List<? extends Callable<T>> tasks) {
    ExecutorService pool = Executors.newFixedThreadPool(tasks.size());
    CyclicBarrier start = new CyclicBarrier(tasks.size());
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    try {
      List<Future<T>> running = new ArrayList<>();
      for (Callable<T> task : tasks) {
        running.add(pool.submit(() -> call(task, start, failure, pool)));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : running) {
        results.add(result(one, failure));
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  /** Whether no other task has failed; for the conditions of loops. */
  static boolean goesOn() {
    return !Thread.currentThread().isInterrupted();
  }

  private static <T> T call(
      Callable<T> task,
      CyclicBarrier start,
      AtomicReference<@Nullable Throwable> failure,
      ExecutorService pool)
      throws Exception {
    try {
      start.await(SECONDS, TimeUnit.SECONDS);
      return task.call();
    } catch (Exception | Error e) {
      failure.compareAndSet(null, e);
      pool.shutdownNow();
      throw e;
    }
  }

  private static <T> T result(Future<T> future, AtomicReference<@Nullable Throwable> failure) {
    try {
      return future.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable first = failure.get();
      throw new AssertionError("a thread of the test failed: " + first, first);
    } catch (TimeoutException e) {
      throw new AssertionError("a thread of the test hangs for " + SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
