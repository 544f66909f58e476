package dev.noria.kernel;

import dev.noria.LoopDriver;
import dev.noria.plugin.DutyCycle;
import dev.noria.plugin.TimeSource;
import dev.noria.plugin.Vitals.LoopState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Notes for each loop since when its turn lasts, or when the next one is due. Thread-safe. */
final class WatchedDriver implements LoopDriver {
  /** A loop that failed comes back after a pause of at most this. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Loops that wait for a wake-up say so with very long pauses. */
  private static final long FOREVER_MILLIS = TimeUnit.DAYS.toMillis(1);

  private final LoopDriver driver;
  private final TimeSource time;
  private final List<Watched> loops = new CopyOnWriteArrayList<>();

  WatchedDriver(LoopDriver driver, TimeSource time) {
    this.driver = driver;
    this.time = time;
  }

  List<LoopState> loops() {
    long nanos = time.nanos();
    return loops.stream().map(loop -> loop.state(nanos)).toList();
  }

  @Override
  public Loop drive(String name, DutyCycle duty) {
    Watched watched = new Watched(name, duty);
    loops.add(watched);
    Loop loop = driver.drive(name, watched);
    return new Loop() {
      @Override
      public void wake() {
        loop.wake();
      }

      @Override
      public void stop() {
        loop.stop();
        loops.remove(watched);
      }
    };
  }

  private final class Watched implements DutyCycle {
    private final String name;
    private final DutyCycle duty;
    private volatile long dueNanos = time.nanos();

    Watched(String name, DutyCycle duty) {
      this.name = name;
      this.duty = duty;
    }

    LoopState state(long nanos) {
      return new LoopState(name, Duration.ofNanos(Math.max(0, nanos - dueNanos)));
    }

    @Override
    public long doWork() throws Exception {
      dueNanos = time.nanos();
      long pauseNanos = PAUSE_NANOS;
      try {
        long millis = duty.doWork();
        pauseNanos = TimeUnit.MILLISECONDS.toNanos(Math.min(Math.max(0, millis), FOREVER_MILLIS));
        return millis;
      } finally {
        dueNanos = time.nanos() + pauseNanos;
      }
    }
  }
}
