package dev.noria.job;

/** The parts of a stored job that are only read when asked for (S6). */
public enum Part {
  /** The payload; else {@link Bytes#EMPTY}. */
  PAYLOAD,
  /** The result; else null. */
  RESULT,
  /** The failed attempts; else empty. */
  HISTORY,
  /** Progress, log and steps; else {@link JobNotes#NONE}. */
  NOTES
}
