package dev.noria.kernel;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends attempts whose time is over.
 *
 * @param standard the timeout of jobs that have none of their own; null for none
 * @param grace how long a handler may take to stop before it is given up
 * @param timer turns the clock
 * @param giveUp gives up an attempt that does not stop
 */
record TimeKeeper(
    @Nullable Duration standard,
    Duration grace,
    ScheduledExecutorService timer,
    Consumer<AttemptRun> giveUp) {

  ScheduledFuture<?> after(Duration delay, Runnable action) {
    return timer.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
  }
}
