package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a key keeps other jobs out, and what a newcomer does when it meets one (S1.4).
 *
 * <p>The entry is made with the holder's policy; the conflict is settled by the newcomer's. No
 * entry expires while its holder is unfinished, unless its policy is a window. Immutable.
 *
 * @param until what frees the key
 * @param window for {@link Until#WINDOW} how long the entry lives, counted from the enqueue; else
 *     null
 * @param onConflict what the newcomer does
 */
public record KeyPolicy(Until until, @Nullable Duration window, OnConflict onConflict) {

  /** What frees a key. */
  public enum Until {
    /** The holder starts: one more job may queue behind a running one. */
    STARTED,
    /** The holder is finished, or gone. */
    FINISHED,
    /** The holder is gone: a finished one answers with its result. Needs a retention above zero. */
    PURGED,
    /** A span of time has passed since the enqueue, whatever became of the holder. */
    WINDOW
  }

  /** What an enqueue does that meets an entry of its key. */
  public enum OnConflict {
    /** It leaves the existing job alone and answers DUPLICATE. */
    KEEP,
    /**
     * It replaces payload, headers and due instant of a holder that still waits, and answers
     * REPLACED (debounce); a holder that does not wait any more is kept.
     */
    REPLACE
  }

  /** A window must be given for WINDOW, at least 1 ms, and for nothing else. */
  public KeyPolicy {
    requireNonNull(until, "until");
    requireNonNull(onConflict, "onConflict");
    if ((until == Until.WINDOW) != (window != null)) {
      throw new IllegalArgumentException(
          "Key policy "
              + until
              + " was given window "
              + window
              + ". A window belongs to WINDOW"
              + " and to nothing else.");
    }
    if (window != null && window.toMillis() < 1) {
      throw new IllegalArgumentException(
          "Key window " + window + " is too short. It must be at least 1 ms.");
    }
  }

  /** At most one unfinished job per key. The default. */
  public static KeyPolicy whileUnfinished() {
    return new KeyPolicy(Until.FINISHED, null, OnConflict.KEEP);
  }

  /** At most one waiting job per key: one more may queue behind a running one. */
  public static KeyPolicy whileWaiting() {
    return new KeyPolicy(Until.STARTED, null, OnConflict.KEEP);
  }

  /** At most one job per key within {@code window} of the first, finished or not. */
  public static KeyPolicy forWindow(Duration window) {
    return new KeyPolicy(Until.WINDOW, window, OnConflict.KEEP);
  }

  /** At most one stored job per key: a finished one answers until its retention is over. */
  public static KeyPolicy untilPurged() {
    return new KeyPolicy(Until.PURGED, null, OnConflict.KEEP);
  }

  /** The same, but a newcomer replaces payload and due instant of a holder that still waits. */
  public KeyPolicy replacing() {
    return new KeyPolicy(until, window, OnConflict.REPLACE);
  }
}
