package dev.noria.kernel;

import dev.noria.LoopDriver;
import dev.noria.LoopDriver.Loop;
import dev.noria.plugin.DutyCycle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The loops of a queue, and the watchdog that looks at them: it says which one stands still, and
 * gives it another thread where that is safe. Thread-safe.
 */
final class Loops {
  private static final long MOST_PERIOD_MILLIS = 1_000;

  /** Without a look for so long the watchdog itself is in trouble. */
  private static final long LATE_NANOS = 10_000_000_000L;

  private final LoopDriver driver;
  private final KernelClock clock;
  private final Duration most;
  private final List<WatchedLoop> loops = new CopyOnWriteArrayList<>();
  private volatile @Nullable Loop watchdog;
  private volatile long lookedNanos;

  Loops(LoopDriver driver, KernelClock clock, Duration most) {
    this.driver = driver;
    this.clock = clock;
    this.most = most;
    this.lookedNanos = clock.nanos();
  }

  /** Turns {@code duty} from now on; it never loses its thread while it is in a turn. */
  Loop drive(String name, DutyCycle duty) {
    return keep(name, most, tenure -> duty.doWork());
  }

  /** As {@link #drive}, for what can give its thread away; it stalls after {@code enough}. */
  Loop keep(String name, Duration enough, WatchedLoop.Duty duty) {
    loops.removeIf(WatchedLoop::isStopped);
    watch();
    WatchedLoop loop = new WatchedLoop(driver, clock, name, least(enough), duty);
    loops.add(loop);
    loop.start();
    return loop;
  }

  /** As {@link #drive}, for what can give its thread away. */
  Loop keep(String name, WatchedLoop.Duty duty) {
    return keep(name, most, duty);
  }

  private Duration least(Duration enough) {
    return enough.compareTo(most) < 0 ? enough : most;
  }

  private synchronized void watch() {
    if (watchdog == null) {
      lookedNanos = clock.nanos();
      watchdog = driver.drive("watchdog", this::look);
    }
  }

  /** One look at all of them; comes back soon. */
  long look() {
    long nanos = clock.nanos();
    long least = most.toNanos();
    for (WatchedLoop loop : loops) {
      least = Math.min(least, loop.mostNanos());
    }
    long periodMillis = Math.max(1, Math.min(MOST_PERIOD_MILLIS, least / 4_000_000));
    // Whoever stopped the process, or moved a virtual clock, stopped all loops alike.
    boolean anew = nanos - lookedNanos > periodMillis * 1_000_000 + least / 2;
    for (WatchedLoop loop : loops) {
      loop.look(nanos, anew);
    }
    lookedNanos = nanos;
    return periodMillis;
  }

  /** The loops that turn. */
  List<WatchedLoop> all() {
    return loops.stream().filter(loop -> !loop.isStopped()).toList();
  }

  /** For how long nobody has looked, if that is too long; else zero. */
  long blindNanos(long nanos) {
    long blind = nanos - lookedNanos;
    return watchdog != null && blind > LATE_NANOS ? blind : 0;
  }

  /** Ends the watchdog; the loops are stopped by those who started them. */
  void stop() {
    Loop looking = watchdog;
    if (looking != null) {
      looking.stop();
    }
  }
}
