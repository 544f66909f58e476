package dev.noria.kernel;

import dev.noria.plugin.TimeSource;
import java.time.Instant;

/** The machine's clocks. The only place in the kernel that reads them. */
public enum SystemTime implements TimeSource {
  /** The one instance. */
  INSTANCE;

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }
}
