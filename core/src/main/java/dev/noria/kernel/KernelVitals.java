package dev.noria.kernel;

import dev.noria.plugin.Vitals;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the kernel tells plugins of itself. Thread-safe. */
final class KernelVitals implements Vitals {
  private final Loops loops;
  private final KernelClock clock;
  private final Listeners listeners;
  private volatile @Nullable Worker worker;

  KernelVitals(Loops loops, KernelClock clock, Listeners listeners) {
    this.loops = loops;
    this.clock = clock;
    this.listeners = listeners;
  }

  /** From now on this worker works; null: none any more. */
  void works(@Nullable Worker working) {
    worker = working;
  }

  @Override
  public List<Loop> loops() {
    long nanos = clock.nanos();
    return loops.all().stream().map(loop -> loop.vitals(nanos)).toList();
  }

  @Override
  public Duration clockOffset() {
    return clock.offset();
  }

  @Override
  public Work work() {
    Worker working = worker;
    if (working == null) {
      return Work.NONE;
    }
    int running = 0;
    for (QueueSlots queue : working.queues()) {
      running += queue.running();
    }
    return new Work(
        working.options().concurrency(),
        running,
        Math.max(0, working.slots().buffered()),
        working.acks().size());
  }

  @Override
  public long droppedEvents() {
    return listeners.dropped();
  }
}
