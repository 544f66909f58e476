package dev.noria;

import dev.noria.plugin.DutyCycle;

/**
 * Turns the loops of a queue: by default a thread each, in tests by hand. Give one to {@link
 * JobQueueBuilder#driver}. Must be thread-safe.
 */
public interface LoopDriver {

  /** Turns {@code duty} from now on until the loop is stopped. */
  Loop drive(String name, DutyCycle duty);

  /** A loop that is being turned. */
  interface Loop {

    /** The loop has something to do: turn it now, whatever it said when to come back. */
    void wake();

    /**
     * Ends the loop; returns when its body does not run any more, or hangs for ten seconds. Called
     * in the loop's own turn, it returns at once, and no other turn follows.
     */
    void stop();
  }
}
