package dev.noria.plugin;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * What the kernel knows of itself at this moment, of this process only: for metrics and health
 * checks. Get it with {@code installer.require(Vitals.class)}. Every call is cheap, does no I/O and
 * never blocks. Implemented by the kernel only; methods may be added. Thread-safe.
 */
public interface Vitals {

  /** The loops that turn at the moment, the kernel's and the plugins'; a fresh list. */
  List<Loop> loops();

  /**
   * How far the clock of record is ahead of this host's wall clock; negative when it is behind,
   * zero where the wall clock is the clock of record or the storage server has not told its time.
   */
  Duration clockOffset();

  /** What the worker has at hand; all zero when this process does not work. */
  Work work();

  /** How many events listeners did not hear since the queue was opened, all listeners together. */
  long droppedEvents();

  /**
   * A loop. Immutable.
   *
   * @param name which: {@code exchange}, {@code heartbeat}… of the kernel, {@code <plugin>.<name>}
   *     of a plugin
   * @param still for how long it has stood still although it should move; zero when it is well
   * @param stalled whether that is too long, or was until a while ago: the watchdog has said so
   * @param failures how many of its turns threw
   * @param restarts how often the watchdog gave it a new thread
   */
  record Loop(String name, Duration still, boolean stalled, long failures, long restarts) {
    /** Needs a name. */
    public Loop {
      requireNonNull(name, "name");
      requireNonNull(still, "still");
    }
  }

  /**
   * What a worker has at hand. Immutable.
   *
   * @param concurrency most handlers at once; 0 when this process does not work
   * @param running handlers that run
   * @param buffered jobs that are leased and wait for a slot
   * @param acks outcomes that wait for the next exchange
   */
  record Work(int concurrency, int running, int buffered, int acks) {
    /** Of a process that does not work. */
    public static final Work NONE = new Work(0, 0, 0, 0);
  }
}
