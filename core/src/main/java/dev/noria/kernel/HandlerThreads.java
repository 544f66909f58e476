package dev.noria.kernel;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Where handlers run unless the user says otherwise: virtual threads where the JDK has them. */
final class HandlerThreads {
  private HandlerThreads() {}

  static ExecutorService open() {
    try {
      Object made = Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
      return (ExecutorService) made;
    } catch (NoSuchMethodException e) {
      return platform();
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Virtual threads exist but can not be used.", e);
    }
  }

  /** The slots bound how many threads there are; those that are stuck are replaced. */
  private static ExecutorService platform() {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        10,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "noria-handler-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
