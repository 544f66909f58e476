package dev.noria.kernel;

import dev.noria.Health;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobKind;
import dev.noria.job.JobRequest;
import dev.noria.job.Limits;
import dev.noria.plugin.Plugin;
import dev.noria.storage.StorageException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The states of a queue: it takes declarations, then it is open, then perhaps it works, and in the
 * end it is closed. Thread-safe.
 */
public final class QueueLife {
  private static final int CHUNK = 1_000;

  private final Setup.Environment environment;
  private final List<Plugin> plugins = new ArrayList<>();
  private final Map<Class<?>, Object> services = new LinkedHashMap<>();
  private final Map<String, HandlerSpec> handlers = new LinkedHashMap<>();
  private final Map<String, Worker.QueueWork> queues = new LinkedHashMap<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile @Nullable Kernel kernel;
  private volatile @Nullable WorkerLife worker;
  private volatile boolean closed;
  private boolean stopped;

  /** A queue that takes declarations. */
  public QueueLife(Setup.Environment environment) {
    this.environment = environment;
  }

  /** Adds a plugin. */
  public synchronized void use(Plugin plugin) {
    requireUnopened("use");
    plugins.add(plugin);
  }

  /** Offers a service. */
  public synchronized <T> void provide(Class<T> type, T service) {
    requireUnopened("provide");
    if (services.putIfAbsent(type, type.cast(service)) != null) {
      throw new IllegalStateException(
          "A " + type.getName() + " was provided before. Provide one of each type.");
    }
  }

  /** Handles a type. */
  public synchronized void handle(
      JobKind<?> kind, @Nullable Object handler, @Nullable Class<?> type) {
    requireUnopened("handle");
    if (handlers.putIfAbsent(kind.name(), new HandlerSpec(kind, handler, type)) != null) {
      throw new IllegalStateException(
          "The type '" + kind.name() + "' has a handler already. Give it one handler.");
    }
  }

  /** Works on a queue; a concurrency of 0 means as many as the worker. */
  public synchronized void workOn(String queue, int concurrency, int weight) {
    requireUnopened("workOn");
    Limits.checkName("queue", queue);
    int most = concurrency == 0 ? Integer.MAX_VALUE / 2 : concurrency;
    if (queues.putIfAbsent(queue, new Worker.QueueWork(queue, most, weight)) != null) {
      throw new IllegalStateException(
          "workOn(\"" + queue + "\") was called twice. Call it once for each queue.");
    }
  }

  private void requireUnopened(String what) {
    requireNotClosed();
    if (kernel != null) {
      throw new IllegalStateException(
          "The queue is open already: "
              + what
              + " came after the first enqueue, look or start."
              + " Call "
              + what
              + " before.");
    }
  }

  private void requireNotClosed() {
    if (closed) {
      throw new IllegalStateException("The queue is closed. Open a new one.");
    }
  }

  /** The open queue; opens it the first time. */
  public Kernel kernel() {
    Kernel open = kernel;
    if (open != null && !closed) {
      return open;
    }
    synchronized (this) {
      requireNotClosed();
      open = kernel;
      if (open == null) {
        open =
            Kernel.open(
                new Setup(
                    environment,
                    List.copyOf(plugins),
                    Map.copyOf(services),
                    List.copyOf(handlers.values()),
                    List.copyOf(queues.values())));
        kernel = open;
      }
      return open;
    }
  }

  /** Starts to work. */
  public synchronized void start() {
    if (worker != null || stopped) {
      throw new IllegalStateException(
          stopped
              ? "The queue was stopped. Open a new one to work again."
              : "The queue works already. Call start once.");
    }
    Kernel open = kernel();
    if (handlers.isEmpty() && queues.isEmpty()) {
      throw new IllegalStateException(
          "The queue has no handler to work with. Call handle(type, handler) before start, or do"
              + " not start a queue that only enqueues.");
    }
    worker = WorkerLife.start(open);
  }

  /** Stops to work. */
  public void stop() {
    requireNoHandler();
    stopWorker();
  }

  private synchronized void stopWorker() {
    stopped = true;
    WorkerLife working = worker;
    if (working != null) {
      working.stop();
    }
    over.countDown();
  }

  /** Before any lock is taken: the stop would wait for the handler, and the handler for it. */
  private void requireNoHandler() {
    WorkerLife working = worker;
    if (working != null && working.isHandler(Thread.currentThread())) {
      throw new IllegalStateException(
          "A handler called stop or close of its own queue, which would wait for this very handler."
              + " Expected another thread: let the one that waits in awaitStop() close the queue,"
              + " or start a thread for it.");
    }
  }

  /** Stops to work and closes the storage. */
  public void close() {
    requireNoHandler();
    closeAll();
  }

  private synchronized void closeAll() {
    if (closed) {
      return;
    }
    stopWorker();
    closed = true;
    Kernel open = kernel;
    if (open != null) {
      open.close();
    }
  }

  /** Waits for the stop; the JVM's orderly end is one. */
  public void awaitStop() throws InterruptedException {
    Thread hook = new Thread(this::stop, "noria-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      over.await();
    } finally {
      forget(hook);
    }
  }

  private static void forget(Thread hook) {
    try {
      boolean ignored = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is going down; the hook is running.
    }
  }

  /** How the queue is. */
  public Health health() {
    if (closed) {
      return new Health(Health.Status.DOWN, List.of("The queue is closed."));
    }
    try {
      return Checkup.of(kernel(), worker);
    } catch (StorageException e) {
      String why = LogText.plain(String.valueOf(e.getMessage()));
      return new Health(Health.Status.DOWN, List.of("The storage could not be opened: " + why));
    }
  }

  /** Enqueues a thousand at a time; answers how many were new. */
  public static long enqueueMany(Client client, Stream<? extends JobRequest<?>> requests) {
    long stored = 0;
    List<JobRequest<?>> chunk = new ArrayList<>(CHUNK);
    Iterator<? extends JobRequest<?>> iterator = requests.iterator();
    while (iterator.hasNext()) {
      chunk.add(iterator.next());
      if (chunk.size() == CHUNK || !iterator.hasNext()) {
        stored += client.enqueueAll(chunk).stream().filter(EnqueueReceipt::isEnqueued).count();
        chunk.clear();
      }
    }
    return stored;
  }
}
