package dev.noria.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.tck.history.Verdict.Kind;

/** What tests say of verdicts. */
final class Verdicts {
  private Verdicts() {}

  /** Exactly the invariant shows exactly this kind; kinds that are not wrong do not count. */
  static void shows(Verdict verdict, Kind kind, String invariant) {
    assertThat(verdict.findings(kind))
        .as(verdict.explain())
        .isNotEmpty()
        .allMatch(finding -> finding.invariant().equals(invariant));
    assertThat(verdict.counts().keySet().stream().filter(Kind::isWrong))
        .as(verdict.explain())
        .isSubsetOf(kind);
    assertThat(verdict.valid()).as(verdict.explain()).isEqualTo(!kind.isWrong());
  }

  /** Nothing is wrong, and the invariant had something to look at. */
  static void passes(Verdict verdict, String invariant) {
    assertThat(verdict.valid()).as(verdict.explain()).isTrue();
    assertThat(verdict.checked(invariant).facts()).as("facts of " + invariant).isPositive();
    assertThat(verdict.checked(invariant).violations()).isZero();
  }
}
