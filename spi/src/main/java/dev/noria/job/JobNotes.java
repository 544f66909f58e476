package dev.noria.job;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What attempts left beside the state of their job. Immutable.
 *
 * @param progress how far it is; null for unknown
 * @param log the last lines, oldest first
 * @param steps results of finished steps by name
 */
public record JobNotes(@Nullable Progress progress, List<LogLine> log, Map<String, Bytes> steps) {
  /** Nothing was left. */
  public static final JobNotes NONE = new JobNotes(null, List.of(), Map.of());

  /** How many log lines a storage keeps of a job, at least: older ones go first. */
  public static final int LOG_LINES = 100;

  /** Longest log line and progress message in bytes of UTF-8; the rest is cut. */
  public static final int TEXT_BYTES = 1_024;

  /** Copies the collections. */
  public JobNotes {
    log = List.copyOf(log);
    steps = Map.copyOf(steps);
  }

  /**
   * How far a job is.
   *
   * @param percent 0 to 100
   * @param message a few words; cut to 1 KiB
   */
  public record Progress(int percent, Bytes message) {
    /** Checks the range. */
    public Progress {
      if (percent < 0 || percent > 100) {
        throw new IllegalArgumentException(
            "Progress " + percent + " is out of range. Expected 0 to 100.");
      }
    }
  }

  /**
   * A line of a job's own log.
   *
   * @param at when it was written
   * @param text the line, through the payload stages
   */
  public record LogLine(Instant at, Bytes text) {}
}
