package dev.noria.kernel;

import static java.util.Objects.requireNonNull;

import dev.noria.LoopDriver;
import dev.noria.plugin.DutyCycle;
import dev.noria.tck.ManualTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A thread per loop, but for the watchdog: a test turns that by hand, in a time of its own. */
final class WatchedThreads implements LoopDriver {
  final ManualTime time = new ManualTime();
  private final LoopDriver threads;
  private @Nullable DutyCycle watchdog;

  WatchedThreads(LoopDriver threads) {
    this.threads = threads;
  }

  @Override
  public Loop drive(String name, DutyCycle duty) {
    if (!name.equals("watchdog")) {
      return threads.drive(name, duty);
    }
    watchdog = duty;
    return new Loop() {
      @Override
      public void wake() {}

      @Override
      public void stop() {}
    };
  }

  /** One look. */
  void look() {
    try {
      long ignored = requireNonNull(watchdog, "watchdog").doWork();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Time passes, and the watchdog looks every second. */
  void pass(Duration span) {
    look();
    for (long i = 0; i < span.toSeconds(); i++) {
      time.advance(Duration.ofSeconds(1));
      look();
    }
  }
}
