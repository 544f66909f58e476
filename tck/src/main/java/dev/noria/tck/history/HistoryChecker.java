package dev.noria.tck.history;

import dev.noria.tck.history.Verdict.Checked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Judges a history together with what is stored at its end. It errs towards innocence: where the
 * order of two concurrent calls or the outcome of one is not known, it takes the explanation that
 * keeps the rules.
 */
public final class HistoryChecker {
  private HistoryChecker() {}

  /** Holds everything against every invariant. */
  public static Verdict check(History history, FinalState end, Promise promise) {
    Index index = Index.of(history.lines(), end, promise);
    Report report = new Report(index);
    List<Checked> checked = new ArrayList<>();
    for (Invariant rule : Invariant.ALL) {
      checked.add(report.check(rule));
    }
    return new Verdict(
        index.jobs().size(), index.runs(), report.counts, report.findings, checked, Map.of());
  }
}
