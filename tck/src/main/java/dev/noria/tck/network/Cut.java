package dev.noria.tck.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

/** When a connection is cut. Immutable. */
public sealed interface Cut {
  /** The longest pattern. */
  int LONGEST = 256;

  /**
   * After so many more bytes of all connections together: the last of them is passed on.
   *
   * @param direction which bytes count
   * @param bytes how many, from 0
   */
  record After(Direction direction, long bytes) implements Cut {
    /** Checks the number. */
    public After {
      requireNonNull(direction, "direction");
      if (bytes < 0) {
        throw new IllegalArgumentException("A cut after " + bytes + " bytes. Expected at least 0.");
      }
    }
  }

  /**
   * At a pattern: what stands before it is passed on, as far as it came before or together with it.
   *
   * @param direction where the pattern is looked for
   * @param pattern bytes, one per character
   */
  record At(Direction direction, String pattern) implements Cut {
    /** Checks the pattern. */
    public At {
      requireNonNull(direction, "direction");
      check(pattern);
    }
  }

  /**
   * After a request: everything that comes with the pattern is passed on, and nothing of what the
   * server says next on the same connection.
   *
   * @param pattern bytes of the request, one per character
   */
  record ReplyTo(String pattern) implements Cut {
    /** Checks the pattern. */
    public ReplyTo {
      check(pattern);
    }
  }

  private static void check(String pattern) {
    boolean bytes = ISO_8859_1.newEncoder().canEncode(pattern);
    if (pattern.isEmpty() || pattern.length() > LONGEST || !bytes) {
      throw new IllegalArgumentException(
          "'"
              + pattern
              + "' is no pattern. Expected 1 to "
              + LONGEST
              + " characters below U+0100.");
    }
  }
}
