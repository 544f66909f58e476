package dev.noria.kernel;

import dev.noria.plugin.TimeSource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time that plugins see: the kernel's own as soon as there is one, so that an instant which a
 * plugin makes means the same to the storage. Thread-safe.
 */
final class QueueTime implements TimeSource {
  private final TimeSource wall;
  private volatile @Nullable KernelClock clock;

  QueueTime(TimeSource wall) {
    this.wall = wall;
  }

  /** From now on this clock says what time it is. */
  void follow(KernelClock kernel) {
    clock = kernel;
  }

  @Override
  public Instant now() {
    KernelClock kernel = clock;
    return kernel == null ? wall.now() : kernel.now();
  }

  @Override
  public long nanos() {
    return wall.nanos();
  }
}
