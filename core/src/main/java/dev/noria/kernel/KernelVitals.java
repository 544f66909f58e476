package dev.noria.kernel;

import dev.noria.LoopDriver;
import dev.noria.plugin.TimeSource;
import dev.noria.plugin.Vitals;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the parts of the kernel know of themselves. Thread-safe. */
final class KernelVitals implements Vitals {
  private final TimeSource wall;
  private final KernelClock clock;
  private final Listeners listeners;
  private volatile @Nullable Working working;

  KernelVitals(TimeSource wall, KernelClock clock, Listeners listeners) {
    this.wall = wall;
    this.clock = clock;
    this.listeners = listeners;
  }

  /** A worker that works, and its loops. */
  private record Working(Worker worker, WatchedDriver driver) {}

  /** A worker starts; its loops are to be driven by what this answers. */
  LoopDriver working(Worker worker, LoopDriver driver) {
    WatchedDriver watched = new WatchedDriver(driver, wall);
    working = new Working(worker, watched);
    return watched;
  }

  /** The worker has stopped. */
  void stopped() {
    working = null;
  }

  @Override
  public Duration clockOffset() {
    return Duration.between(wall.now(), clock.now());
  }

  @Override
  public int buffered() {
    Working now = working;
    return now == null ? 0 : now.worker().slots().buffered();
  }

  @Override
  public int running() {
    Working now = working;
    return now == null ? 0 : now.worker().slots().active();
  }

  @Override
  public long droppedEvents() {
    return listeners.dropped();
  }

  @Override
  public List<LoopState> loops() {
    Working now = working;
    return now == null ? List.of() : now.driver().loops();
  }
}
