package dev.noria.plugin;

import java.time.Duration;
import java.util.List;

/**
 * How this process is doing, for those who look on: {@code installer.find(Vitals.class)}. Cheap,
 * for nothing of it calls the storage. Implemented by the kernel only; methods may be added.
 * Thread-safe.
 */
public interface Vitals {

  /** How far the clock of record is ahead of this machine's wall clock; negative: behind. */
  Duration clockOffset();

  /** How many jobs are leased here and wait for a slot. */
  int buffered();

  /** How many slots are at work. */
  int running();

  /** How many events no listener heard, because the buffer was full. */
  long droppedEvents();

  /** The kernel's loops and those of plugins, as long as a worker works. */
  List<LoopState> loops();

  /**
   * A loop.
   *
   * @param name such as {@code exchange}, or {@code plugin.loop}
   * @param late for how long its turn has lasted, or has been due; about zero when all is well
   */
  record LoopState(String name, Duration late) {}
}
