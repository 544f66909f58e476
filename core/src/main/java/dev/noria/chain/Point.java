package dev.noria.chain;

import java.util.Locale;

/** The four things that a middleware can wrap, each with what stands innermost. */
public enum Point {
  /** Around one enqueue call. */
  ENQUEUE("storage"),
  /** Around one dequeue. */
  DEQUEUE("storage"),
  /** Around one attempt. */
  PROCESS("handler"),
  /** Around the acks of one exchange. */
  ACK("dequeue");

  final String innermost;

  Point(String innermost) {
    this.innermost = innermost;
  }

  /** The name of the method in {@link dev.noria.middleware.Middleware}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
