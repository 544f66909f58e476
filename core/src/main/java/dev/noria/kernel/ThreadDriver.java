package dev.noria.kernel;

import dev.noria.LoopDriver;
import dev.noria.plugin.DutyCycle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One daemon thread per loop. */
public final class ThreadDriver implements LoopDriver {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadDriver.class);

  private final Duration patience;

  /** Stateless; each loop brings its thread. A stop waits ten seconds for one that hangs. */
  public ThreadDriver() {
    this(Duration.ofSeconds(10));
  }

  ThreadDriver(Duration patience) {
    this.patience = patience;
  }

  @Override
  public Loop drive(String name, DutyCycle duty) {
    ThreadLoop loop = new ThreadLoop(name, duty);
    loop.thread.start();
    return loop;
  }

  private final class ThreadLoop implements Loop {
    private static final long FOREVER_MILLIS = TimeUnit.DAYS.toMillis(1);

    private final String name;
    private final DutyCycle duty;
    private final Backoff backoff = new Backoff(30_000);
    private final Thread thread;
    private volatile boolean awake;
    private volatile boolean sleeping;
    private volatile boolean stopped;

    ThreadLoop(String name, DutyCycle duty) {
      this.name = name;
      this.duty = duty;
      this.thread = new Thread(this::run, "noria-" + name);
      this.thread.setDaemon(true);
    }

    private void run() {
      while (!stopped) {
        awake = false;
        long millis = turn();
        // An interrupt that a duty leaves behind would make every wait return at once.
        boolean ignored = Thread.interrupted();
        sleep(millis);
      }
    }

    private long turn() {
      try {
        long millis = duty.doWork();
        backoff.reset();
        return millis;
      } catch (Throwable e) {
        // Not even an Error ends a loop: nobody would notice that the worker stands still.
        LOG.error("The loop '{}' failed; it goes on after a pause.", name, e);
        return backoff.nextMillis();
      }
    }

    private void sleep(long millis) {
      if (millis <= 0 || awake || stopped) {
        return;
      }
      sleeping = true;
      // Whoever wakes us after this look sees that we sleep, and unparks.
      if (!awake && !stopped) {
        LockSupport.parkNanos(this, Duration.ofMillis(Math.min(millis, FOREVER_MILLIS)).toNanos());
      }
      sleeping = false;
    }

    @Override
    public void wake() {
      if (!awake) {
        awake = true;
      }
      if (sleeping) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void stop() {
      stopped = true;
      LockSupport.unpark(thread);
      if (Thread.currentThread() == thread) {
        return;
      }
      boolean interrupted = false;
      long end = SystemTime.INSTANCE.nanos() + patience.toNanos();
      for (long left = patience.toMillis(); thread.isAlive() && left > 0; left = millisUntil(end)) {
        try {
          thread.join(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (thread.isAlive()) {
        LOG.warn(
            "The loop '{}' did not end within {}; it is left alone on its daemon thread.",
            name,
            patience);
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private static long millisUntil(long endNanos) {
      return (endNanos - SystemTime.INSTANCE.nanos()) / 1_000_000;
    }
  }
}
