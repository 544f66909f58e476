package dev.noria.testing;

import dev.noria.LoopDriver;
import dev.noria.plugin.DutyCycle;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Turns the loops of a queue by hand: each one that is due or was woken, in the order in which they
 * were started. Any thread may wake; only one turns.
 */
final class ManualLoops implements LoopDriver {
  private static final int MOST_TURNS = 1_000_000;

  private final VirtualTime time;
  private final List<ManualLoop> loops = new CopyOnWriteArrayList<>();
  private volatile boolean inline;

  ManualLoops(VirtualTime time) {
    this.time = time;
  }

  @Override
  public Loop drive(String name, DutyCycle duty) {
    ManualLoop loop = new ManualLoop(name, duty);
    loops.add(loop);
    return loop;
  }

  /**
   * From now on a loop that is woken turns at once: who stops the queue waits for its last acks.
   */
  void turnWhenWoken() {
    inline = true;
  }

  /** Whether the queue works. */
  boolean areDriven() {
    return loops.stream().anyMatch(ManualLoop::isWorking);
  }

  /** What moves jobs looks again, whatever it said when to come back. */
  void wakeKernel() {
    loops.stream().filter(ManualLoop::isWorking).forEach(ManualLoop::wake);
  }

  /** Turns until no loop is due; runs {@code after} after each turn. */
  void turnDue(Runnable after) {
    loops.forEach(loop -> loop.turns = 0);
    boolean turned;
    do {
      turned = false;
      for (ManualLoop loop : loops) {
        if (loop.isDue()) {
          loop.turn();
          after.run();
          turned = true;
        }
      }
    } while (turned);
  }

  /** When a plugin's loop wants to come back first. */
  Optional<Instant> nextPluginTurn() {
    return loops.stream()
        .filter(ManualLoop::isOfPlugin)
        .filter(loop -> loop.dueMillis < Long.MAX_VALUE)
        .map(loop -> Instant.ofEpochMilli(loop.dueMillis))
        .min(Instant::compareTo);
  }

  private final class ManualLoop implements Loop {
    private final String name;
    private final DutyCycle duty;
    private volatile long dueMillis = time.now().toEpochMilli();
    private volatile boolean awake;
    private boolean running;
    private int turns;

    ManualLoop(String name, DutyCycle duty) {
      this.name = name;
      this.duty = duty;
    }

    /** Plugins' loops are called after their plugin; ids of plugins have no dots. */
    boolean isOfPlugin() {
      return name.indexOf('.') > 0;
    }

    /** The two loops of the kernel that move jobs. */
    boolean isWorking() {
      return name.equals("exchange") || name.equals("maintain");
    }

    boolean isDue() {
      return awake || dueMillis <= time.now().toEpochMilli();
    }

    void turn() {
      if (++turns > MOST_TURNS) {
        throw new IllegalStateException(
            "The loop '"
                + name
                + "' was turned "
                + MOST_TURNS
                + " times at one instant and wants to be turned again. Expected it to answer after"
                + " how long to come back.");
      }
      awake = false;
      running = true;
      long now = time.now().toEpochMilli();
      try {
        long delay = Math.max(0, duty.doWork());
        dueMillis = delay > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + delay;
      } catch (RuntimeException e) {
        dueMillis = now + 1_000;
        throw e;
      } catch (Exception e) {
        dueMillis = now + 1_000;
        throw new IllegalStateException("The loop '" + name + "' failed: " + e, e);
      } finally {
        running = false;
      }
    }

    @Override
    public void wake() {
      awake = true;
      if (inline && !running) {
        turn();
      }
    }

    @Override
    public void stop() {
      loops.remove(this);
    }
  }
}
