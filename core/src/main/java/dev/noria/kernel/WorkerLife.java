package dev.noria.kernel;

import static java.util.Objects.requireNonNull;

import dev.noria.LoopDriver.Loop;
import dev.noria.job.WorkerInfo;
import dev.noria.storage.Registers;
import dev.noria.storage.Signals;
import dev.noria.storage.StorageInfo;
import dev.noria.wiring.NamedAction;
import dev.noria.wiring.NamedLoop;
import dev.noria.wiring.PluginInfo;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the loops of a worker and stops them in order: no new jobs, unstarted ones back, running
 * ones may end, then are asked to, then the last acks. Thread-safe.
 */
public final class WorkerLife {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerLife.class);
  private static final Duration LAST_ACKS = Duration.ofSeconds(5);

  private final Kernel kernel;
  private final Worker worker;
  private final List<Loop> loops = new ArrayList<>();
  private final @Nullable ExecutorService ownExecutor;
  private final ScheduledThreadPoolExecutor timer;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicBoolean stopping = new AtomicBoolean();
  private @Nullable Presence presence;
  private @Nullable Listening ears;
  private @Nullable Loop exchange;

  private WorkerLife(Kernel kernel) {
    this.kernel = kernel;
    Executor given = kernel.setup().environment().executor();
    ownExecutor = given == null ? HandlerThreads.open() : null;
    timer = timer();
    Executor executor = ownExecutor == null ? given(given) : ownExecutor;
    worker =
        new Worker(
            kernel.client(),
            kernel.chains(),
            new Worker.Parts(
                kernel.workerOptions(),
                kernel.handlers(),
                queues(kernel),
                executor,
                timer,
                kernel.client()));
  }

  private static Executor given(@Nullable Executor executor) {
    return requireNonNull(executor, "executor");
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "noria-timeouts");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /** The default queues of the handlers' types, and what the user named besides. */
  private static List<Worker.QueueWork> queues(Kernel kernel) {
    Map<String, Worker.QueueWork> queues = new LinkedHashMap<>();
    int all = kernel.workerOptions().concurrency();
    for (Handling handling : kernel.handlers().values()) {
      String queue = handling.kind().queue();
      queues.put(queue, new Worker.QueueWork(queue, all, 1));
    }
    kernel.setup().queues().forEach(work -> queues.put(work.name(), work));
    return List.copyOf(queues.values());
  }

  /** Starts to work. */
  public static WorkerLife start(Kernel kernel) {
    WorkerLife life = new WorkerLife(kernel);
    try {
      life.start();
    } catch (RuntimeException e) {
      life.undo();
      throw e;
    }
    return life;
  }

  private void start() {
    kernel.plan().onStart().forEach(action -> action.action().run());
    Loops watched = kernel.loops();
    HeartbeatLoop heartbeat = worker.heartbeat();
    loops.add(watched.keep("maintain", worker.maintenance()::maintain));
    loops.add(watched.keep("heartbeat", heartbeat.patience(), heartbeat::beat));
    loops.add(watched.keep("fence", heartbeat.patience(), tenure -> heartbeat.fence()));
    Loop exchanging = watched.keep("exchange", worker.exchange()::turn);
    exchange = exchanging;
    worker.acks().onAck(exchanging::wake);
    Client client = kernel.client();
    client.storage().capability(Signals.class).ifPresent(signals -> listen(signals, exchanging));
    client.storage().capability(Registers.class).ifPresent(this::announce);
    for (NamedLoop loop : kernel.plan().loops()) {
      loops.add(watched.drive(loop.plugin() + "." + loop.name(), loop.duty()));
    }
    kernel.vitals().works(worker);
    logStart();
  }

  /** A storage that is down is listened to later. */
  private void listen(Signals signals, Loop exchanging) {
    KernelClock clock = kernel.client().clock();
    Listening opened =
        new Listening(signals, worker.ears(exchanging::wake), exchanging::wake, clock);
    ears = opened;
    long ignored = opened.listen();
    if (!opened.hears()) {
      loops.add(kernel.loops().keep("ears", tenure -> tenure.out(opened::listen)));
    }
  }

  /** A start that failed leaves nothing running. */
  private void undo() {
    worker.exchange().stopDequeuing();
    worker.stopHandlers();
    shutDown();
  }

  private void announce(Registers registers) {
    Presence announced = new Presence(registers, kernel.codec(), kernel.client().clock(), info());
    presence = announced;
    loops.add(kernel.loops().keep("presence", announced::announce));
  }

  private WorkerInfo info() {
    Instant now = kernel.client().clock().now();
    return new WorkerInfo(
        worker.id(),
        host(),
        ManagementFactory.getRuntimeMXBean().getPid(),
        worker.queues().stream().map(queue -> queue.name).toList(),
        List.copyOf(kernel.handlers().keySet()),
        now,
        now);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private void logStart() {
    StorageInfo storage = kernel.client().storage().info();
    String plugins =
        kernel.plan().plugins().stream().map(WorkerLife::name).collect(Collectors.joining(", "));
    LOG.info(
        "Noria works on {} at {} (durability {}); plugins: {}; {}",
        storage.name(),
        storage.location(),
        storage.durability(),
        plugins.isEmpty() ? "none" : plugins,
        kernel.chains().describe().replace("\n", "; "));
  }

  private static String name(PluginInfo plugin) {
    return plugin.id() + " " + plugin.version() + " (" + plugin.origin() + ")";
  }

  /** Stops in order; returns when nothing runs any more. A second call does nothing. */
  public void stop() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    Loop exchanging = requireNonNull(exchange, "not started");
    worker.exchange().stopDequeuing();
    worker.giveBackBuffered(held -> true);
    exchanging.wake();
    // An interrupt ends the grace, but neither the end of the handlers nor the last acks.
    if (!await(worker::isIdle, kernel.workerOptions().grace(), exchanging, false)) {
      worker.stopHandlers();
      if (!await(worker::isIdle, kernel.workerOptions().abandonAfter(), exchanging, true)) {
        LOG.warn("Some handlers ignore that the worker stops; their jobs run again elsewhere.");
      }
    }
    worker.giveBackBuffered(held -> true);
    worker.abandonHandlers();
    if (!await(worker::isQuiet, LAST_ACKS, exchanging, true) && !worker.isQuiet()) {
      LOG.warn("Not every ack could be sent before the worker stopped; those jobs run again.");
    }
    shutDown();
  }

  /** Whether it stops, or has stopped. */
  boolean isStopping() {
    return stopping.get();
  }

  boolean hasStopped() {
    return stopped.getCount() == 0;
  }

  /** For how long the signals of the storage have not been heard; zero if they are. */
  long deafForNanos(long nanos) {
    Listening opened = ears;
    return opened == null ? 0 : opened.deafForNanos(nanos);
  }

  /** Whether this thread runs one of the handlers, which a stop would wait for. */
  boolean isHandler(Thread thread) {
    return worker.isHandler(thread);
  }

  private void shutDown() {
    kernel.vitals().works(null);
    if (ears != null) {
      run("The ears of the worker", ears::close);
    }
    if (exchange != null) {
      run("The exchange", exchange::stop);
    }
    for (Loop loop : loops) {
      run("A loop", loop::stop);
    }
    if (presence != null) {
      run("The presence of the worker", presence::leave);
    }
    kernel.client().listeners().flush();
    for (NamedAction action : kernel.plan().onStop()) {
      run("Plugin '" + action.plugin() + "'", action.action());
    }
    timer.shutdownNow();
    if (ownExecutor != null) {
      ownExecutor.shutdown();
    }
    stopped.countDown();
  }

  /** What fails to stop keeps nothing else from stopping. */
  private static void run(String what, Runnable stop) {
    try {
      stop.run();
    } catch (Throwable e) {
      LOG.warn("{} failed to stop.", what, e);
    }
  }

  /** Waits until {@code done}, looking again whenever a little time has passed. */
  private static boolean await(
      BooleanSupplier done, Duration most, Loop exchanging, boolean patient) {
    long end = SystemTime.INSTANCE.nanos() + most.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    boolean interrupted = false;
    try {
      for (long pause = 1; !done.getAsBoolean(); pause = Math.min(50, pause * 2)) {
        if (SystemTime.INSTANCE.nanos() - end >= 0 || (interrupted && !patient)) {
          return false;
        }
        exchanging.wake();
        try {
          boolean ignored = never.await(pause, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits until the worker has stopped; false when the time is over first. */
  public boolean awaitStop(Duration timeout) throws InterruptedException {
    return stopped.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Waits until the worker has stopped. */
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /** The worker. */
  public Worker worker() {
    return worker;
  }
}
