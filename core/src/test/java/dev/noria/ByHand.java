package dev.noria;

import static java.util.Objects.requireNonNull;

import dev.noria.job.JobId;
import dev.noria.job.StoredJob;
import dev.noria.plugin.DutyCycle;
import dev.noria.storage.Administration;
import dev.noria.tck.ManualTime;
import dev.noria.tck.fault.FaultyStorage;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A kernel whose clock and loops a test turns by hand: nothing happens by itself, apart from
 * handlers on threads of their own. The lease is 30 s, so that what the pages say holds literally.
 */
final class ByHand implements LoopDriver {
  static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofSeconds(20);

  final ManualTime time = new ManualTime();
  final FaultyStorage storage = FaultyStorage.over(ReferenceStorage.create());

  /** Tasks of handlers that {@link #parking} took and nobody has run. */
  final Queue<Runnable> parked = new ConcurrentLinkedQueue<>();

  /** The loops that were stopped. */
  final Queue<String> stopped = new ConcurrentLinkedQueue<>();

  private final Map<String, HandLoop> loops = new ConcurrentHashMap<>();
  private volatile boolean closing;

  JobQueueBuilder builder() {
    return JobQueue.builder()
        .discovery(Discovery.none())
        .storage(() -> storage)
        .time(time)
        .driver(this)
        .lease(LEASE);
  }

  /** Handlers wait until {@link #runParked}. */
  Executor parking() {
    return parked::add;
  }

  void runParked() {
    for (Runnable task = parked.poll(); task != null; task = parked.poll()) {
      task.run();
    }
  }

  /** Turns a loop once; answers when it wants to come back. */
  long turn(String name) {
    return loop(name).turn();
  }

  /** Lets listeners hear what was told so far. */
  void turnEvents() {
    loops.values().stream().filter(loop -> loop.name.startsWith("events-")).forEach(HandLoop::turn);
  }

  /** How often somebody woke a loop. */
  int wakes(String name) {
    return loop(name).wakes.get();
  }

  int loops() {
    return loops.size();
  }

  private HandLoop loop(String name) {
    return requireNonNull(loops.get(name), () -> "Nobody drives the loop " + name);
  }

  /** Turns the exchange until it is so. */
  void exchangeUntil(String what, BooleanSupplier condition) {
    await(
        what,
        () -> {
          turn("exchange");
          return condition.getAsBoolean();
        });
  }

  /** Waits for what other threads do. */
  static void await(String what, BooleanSupplier condition) {
    long last = System.nanoTime() + LONGEST.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - last > 0) {
        throw new AssertionError("Not within " + LONGEST + ": " + what);
      }
      Thread.onSpinWait();
    }
  }

  StoredJob find(JobId id) {
    return storage.find(List.of(id), EnumSet.allOf(dev.noria.job.Part.class)).get(0);
  }

  /** What another process would do to the jobs. */
  Administration elsewhere() {
    return storage.capability(Administration.class).orElseThrow();
  }

  /** From now on a loop that is woken turns at once: nobody else would send the last acks. */
  void closing() {
    closing = true;
  }

  void close(JobQueue queue) {
    closing();
    runParked();
    queue.close();
    storage.close();
  }

  @Override
  public Loop drive(String name, DutyCycle duty) {
    HandLoop loop = new HandLoop(name, duty);
    loops.put(name, loop);
    return loop;
  }

  private final class HandLoop implements Loop {
    private final String name;
    private final DutyCycle duty;
    private final AtomicInteger wakes = new AtomicInteger();
    private final ReentrantLock turning = new ReentrantLock();

    HandLoop(String name, DutyCycle duty) {
      this.name = name;
      this.duty = duty;
    }

    private long turn() {
      turning.lock();
      try {
        return duty.doWork();
      } catch (Exception e) {
        throw new AssertionError(e);
      } finally {
        turning.unlock();
      }
    }

    @Override
    public void wake() {
      wakes.incrementAndGet();
      if (closing && !turning.isHeldByCurrentThread() && turning.tryLock()) {
        try {
          turn();
        } finally {
          turning.unlock();
        }
      }
    }

    @Override
    public void stop() {
      stopped.add(name);
    }
  }
}
