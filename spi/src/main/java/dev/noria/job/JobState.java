package dev.noria.job;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a job stands. {@link #successors()} is the whole state machine: no other edge exists, and
 * every storage refuses the rest (I7).
 */
public enum JobState {
  /** Waits for other jobs to end (S1.6). */
  BLOCKED,
  /** Waits for its due instant. */
  SCHEDULED,
  /** Due; waits for a worker. */
  READY,
  /** Leased to a worker. */
  RUNNING,
  /** Its handler succeeded. */
  COMPLETED,
  /** Failed for good; kept until purged or replayed. */
  DEAD,
  /** Cancelled before it could end by itself. */
  CANCELLED;

  /** COMPLETED, DEAD or CANCELLED: nothing happens any more unless somebody replays the job. */
  public boolean isFinished() {
    return this == COMPLETED || this == DEAD || this == CANCELLED;
  }

  /** BLOCKED, SCHEDULED or READY: not started, or waiting for another attempt. */
  public boolean isWaiting() {
    return this == BLOCKED || this == SCHEDULED || this == READY;
  }

  /**
   * The states that may follow this one directly. A finished job may also vanish (retention, purge,
   * delete), and become READY by a replay, which starts a new generation.
   */
  public Set<JobState> successors() {
    return switch (this) {
      case BLOCKED -> EnumSet.of(SCHEDULED, READY, CANCELLED, DEAD);
      case SCHEDULED -> EnumSet.of(READY, RUNNING, CANCELLED, DEAD);
      case READY -> EnumSet.of(RUNNING, SCHEDULED, CANCELLED, DEAD);
      case RUNNING -> EnumSet.of(COMPLETED, DEAD, CANCELLED, SCHEDULED, READY);
      case COMPLETED, DEAD, CANCELLED -> EnumSet.of(READY);
    };
  }
}
