package dev.noria.cli.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The summary as text. */
final class SummaryTable {
  private static final int LISTED = 20;

  private SummaryTable() {}

  static String of(Tally tally) {
    StringBuilder text = new StringBuilder();
    text.append(row("kind", "files", "bytes", "lines", "words"));
    List<Map.Entry<String, Tally.Count>> kinds = new ArrayList<>(tally.kinds().entrySet());
    kinds.sort(
        Comparator.comparingLong((Map.Entry<String, Tally.Count> e) -> -e.getValue().files())
            .thenComparing(Map.Entry::getKey));
    kinds.forEach(entry -> text.append(row(entry.getKey(), entry.getValue())));
    text.append(row("total", tally.total()));
    if (!tally.failed().isEmpty()) {
      text.append(failures(tally.failed()));
    }
    return text.toString();
  }

  private static String row(String kind, Tally.Count count) {
    return row(
        kind,
        number(count.files()),
        number(count.bytes()),
        number(count.lines()),
        number(count.words()));
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-24s %10s %14s %12s %12s%n", cells);
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String failures(List<Tally.Failed> failed) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%nCould not be read: %,d%n", failed.size()));
    failed.stream()
        .sorted(Comparator.comparing(Tally.Failed::path))
        .limit(LISTED)
        .forEach(file -> text.append(String.format("  %s (%s)%n", printable(file), file.why())));
    if (failed.size() > LISTED) {
      text.append(String.format(Locale.ROOT, "  … and %,d more%n", failed.size() - LISTED));
    }
    return text.toString();
  }

  /** A file name may hold control characters; a terminal must not obey them. */
  private static String printable(Tally.Failed file) {
    return file.path().replaceAll("\\p{Cntrl}", "?");
  }
}
