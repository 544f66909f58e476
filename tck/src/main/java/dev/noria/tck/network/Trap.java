package dev.noria.tck.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/** A cut that waits for its connection. Thread-safe. */
final class Trap {
  private final Cut cut;
  private long passed;
  private @Nullable Link owesReply;
  private boolean sprung;

  Trap(Cut cut) {
    this.cut = cut;
  }

  /**
   * How many of the first {@code length} bytes are passed on; negative when all are. Else the
   * connection is cut behind them.
   */
  synchronized int look(Link link, Direction direction, byte[] bytes, int length) {
    if (sprung) {
      return Link.ALL;
    }
    int allowed = allowed(link, direction, bytes, length);
    sprung = allowed != Link.ALL;
    return allowed;
  }

  private int allowed(Link link, Direction direction, byte[] bytes, int length) {
    if (cut instanceof Cut.After after) {
      return after.direction() == direction ? count(after, length) : Link.ALL;
    }
    if (cut instanceof Cut.At at) {
      return at.direction() == direction
          ? find(link, direction, at.pattern(), bytes, length)
          : Link.ALL;
    }
    String pattern = ((Cut.ReplyTo) cut).pattern();
    if (direction == Direction.REPLIES) {
      return owesReply == link ? 0 : Link.ALL;
    }
    if (owesReply == null && find(link, direction, pattern, bytes, length) != Link.ALL) {
      owesReply = link;
    }
    return Link.ALL;
  }

  private int count(Cut.After after, int length) {
    long left = after.bytes() - passed;
    passed += length;
    return left > length ? Link.ALL : (int) left;
  }

  /** Where the pattern starts, 0 if it started earlier. */
  private static int find(
      Link link, Direction direction, String pattern, byte[] bytes, int length) {
    String tail = link.tail(direction);
    String before = tail.substring(Math.max(0, tail.length() - pattern.length() + 1));
    String text = before + new String(bytes, 0, length, ISO_8859_1);
    int at = text.indexOf(pattern);
    return at < 0 ? Link.ALL : Math.max(0, at - before.length());
  }

  /** A connection that ended by itself owes no reply any more. */
  synchronized void forget(Link link) {
    if (owesReply == link) {
      owesReply = null;
    }
  }

  synchronized boolean isSprung() {
    return sprung;
  }
}
