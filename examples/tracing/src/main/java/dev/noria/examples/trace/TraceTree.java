package dev.noria.examples.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Prints spans as trees, each inside its parent. */
final class TraceTree {
  private static final String NO_PARENT = "0000000000000000";

  private final List<TracedSpan> spans;
  private final List<String> lines = new ArrayList<>();

  private TraceTree(List<TracedSpan> spans) {
    this.spans = spans;
  }

  static List<String> of(List<TracedSpan> spans) {
    TraceTree tree = new TraceTree(spans);
    long traces = spans.stream().map(TracedSpan::trace).distinct().count();
    tree.lines.add(traces + " trace" + (traces == 1 ? "" : "s"));
    tree.addInside(NO_PARENT, "");
    return tree.lines;
  }

  private void addInside(String parent, String indent) {
    spans.stream()
        .filter(span -> span.parent().equals(parent))
        .sorted(Comparator.comparingLong(TracedSpan::startNanos))
        .forEach(
            span -> {
              lines.add(indent + span.label());
              addInside(span.id(), indent + "  ");
            });
  }
}
