package dev.noria;

import java.util.List;

/**
 * How a queue is. Immutable.
 *
 * @param status the short answer
 * @param reasons why it is not UP, in words; empty when it is
 */
public record Health(Status status, List<String> reasons) {

  /** The short answers. */
  public enum Status {
    /** All is well. */
    UP,
    /** It goes on, but something is wrong: the storage does not answer at the moment. */
    DEGRADED,
    /** It does not work: it was stopped or closed. */
    DOWN
  }

  /** Copies the reasons. */
  public Health {
    reasons = List.copyOf(reasons);
  }
}
