package dev.noria.tck.process;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last lines of a stream. Thread-safe. */
final class Tail {
  private static final int LINES = 100;

  private final Deque<String> lines = new ArrayDeque<>();

  synchronized void add(String line) {
    if (lines.size() == LINES) {
      lines.removeFirst();
    }
    lines.addLast(line);
  }

  @Override
  public synchronized String toString() {
    return String.join("\n", lines);
  }
}
