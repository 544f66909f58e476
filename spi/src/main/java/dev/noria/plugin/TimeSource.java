package dev.noria.plugin;

import java.time.Instant;

/** Where the kernel and the plugins get the time from. Tests hand in a virtual one. Thread-safe. */
public interface TimeSource {

  /** The wall clock. May jump; never use it for durations. */
  Instant now();

  /** A monotonic count of nanoseconds, for durations. */
  long nanos();
}
