package dev.noria.verification;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Threads that do the same thing with growing numbers until they are told to stop. */
final class Crowd implements AutoCloseable {
  private final ExecutorService threads;
  private final List<Future<?>> running = new ArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private volatile boolean over;

  private Crowd(int size) {
    threads = Executors.newFixedThreadPool(size);
  }

  /** {@code size} threads share the numbers from 1 to {@code most}. */
  static Crowd of(int size, int most, IntConsumer action) {
    Crowd crowd = new Crowd(size);
    for (int i = 0; i < size; i++) {
      crowd.running.add(crowd.threads.submit(() -> crowd.live(most, action)));
    }
    return crowd;
  }

  private void live(int most, IntConsumer action) {
    for (int number = numbers.incrementAndGet();
        number <= most && !over;
        number = numbers.incrementAndGet()) {
      action.accept(number);
    }
  }

  /** Stops and waits; what a thread threw comes out here. */
  void stop() throws InterruptedException {
    over = true;
    join();
  }

  /** Waits until all numbers are used up; what a thread threw comes out here. */
  void join() throws InterruptedException {
    for (Future<?> thread : running) {
      try {
        Object ignored = thread.get(90, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new AssertionError("A thread of the crowd failed: " + e.getCause(), e.getCause());
      } catch (TimeoutException e) {
        throw new AssertionError("A thread of the crowd is stuck.", e);
      }
    }
  }

  @Override
  public void close() {
    over = true;
    threads.shutdownNow();
  }
}
