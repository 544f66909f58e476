package dev.noria.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Shows how far a run is: one line that is drawn again on a terminal, plain lines elsewhere. */
final class Progress {
  /** One less than a terminal is wide: a full line would wrap. */
  private static final int COLUMNS = 79;

  private static final int LONGEST_BAR = 30;
  private static final long PLAIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final PrintWriter out;
  private final boolean terminal;
  private final long startNanos;
  private final long startEnded;
  private long lastPlainNanos;

  /**
   * How far it is.
   *
   * @param ended files that have ended
   * @param total files there are
   * @param dead those of the ended that could not be read
   */
  record Counts(long ended, long total, long dead) {
    static final Counts NONE = new Counts(0, 0, 0);
  }

  Progress(PrintWriter out, boolean terminal, Counts start, long nanos) {
    this.out = out;
    this.terminal = terminal;
    this.startNanos = nanos;
    this.startEnded = start.ended();
    this.lastPlainNanos = nanos;
  }

  void show(Counts counts, long nanos) {
    if (terminal) {
      draw(counts, nanos);
      out.flush();
    } else if (nanos - lastPlainNanos >= PLAIN_NANOS) {
      lastPlainNanos = nanos;
      out.println(line(counts, nanos));
    }
  }

  void end(Counts counts, long nanos) {
    if (terminal) {
      draw(counts, nanos);
      out.println();
    } else {
      out.println(line(counts, nanos));
    }
  }

  private void draw(Counts counts, long nanos) {
    String line = line(counts, nanos);
    out.print("\r" + bar(counts, COLUMNS - 3 - line.length()) + line + "\u001b[K");
  }

  private static String bar(Counts counts, int room) {
    int width = Math.min(LONGEST_BAR, room);
    if (width < 1) {
      return "";
    }
    int full = counts.total() == 0 ? 0 : (int) (counts.ended() * width / counts.total());
    return "[" + "#".repeat(full) + "-".repeat(width - full) + "] ";
  }

  private String line(Counts counts, long nanos) {
    if (counts.total() == 0) {
      return "Looking for files";
    }
    double seconds = Math.max(1e-3, (nanos - startNanos) / 1e9);
    double rate = (counts.ended() - startEnded) / seconds;
    String text =
        String.format(
            Locale.ROOT, "%,d of %,d files, %,.0f files/s", counts.ended(), counts.total(), rate);
    if (counts.dead() > 0) {
      text += String.format(Locale.ROOT, ", %,d unreadable", counts.dead());
    }
    long left = counts.total() - counts.ended();
    return left > 0 && rate > 0
        ? text + String.format(Locale.ROOT, ", %,.0f s left", Math.ceil(left / rate))
        : text;
  }
}
