package dev.noria.tck.history;

import dev.noria.job.JobId;
import dev.noria.tck.history.Verdict.Finding;
import dev.noria.tck.history.Verdict.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what the invariants find. */
final class Report {
  final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  final List<Finding> findings = new ArrayList<>();
  private final Index index;
  private String invariant = "";
  private long facts;
  private long violations;

  Report(Index index) {
    this.index = index;
  }

  /** Runs one invariant. */
  Verdict.Checked check(Invariant rule) {
    invariant = rule.name();
    facts = 0;
    violations = 0;
    rule.check().over(index, this);
    return new Verdict.Checked(rule.name(), rule.says(), facts, violations);
  }

  /** The history could have shown a violation here. */
  void fact() {
    facts++;
  }

  /** Something of a kind. */
  void found(Kind kind, @Nullable JobId job, String text) {
    long before = counts.merge(kind, 1L, Long::sum);
    violations += kind.isWrong() ? 1 : 0;
    if (before <= Verdict.KEPT) {
      findings.add(new Finding(kind, invariant, job, text));
    }
  }

  /** Something that is right if a fault was allowed to undo what was acknowledged at a place. */
  void foundUnlessUndone(Kind kind, JobId job, int acknowledgedAt, String text) {
    found(index.mayBeUndone(acknowledgedAt) ? Kind.LOSS_ALLOWED : kind, job, text);
  }
}
