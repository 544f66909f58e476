package dev.noria.tck.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.storage.Deviation;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The suite holds declared deviations against what a storage does, both ways (S0.1). */
class DeviationsTest {
  private static final int PATIENT = 60;

  private static SuiteRun run(Set<Deviation> takes, Set<Deviation> declares) {
    return SuiteRun.dressed(
        inner -> new DeviantStorage(inner, takes, declares),
        name -> name.startsWith("s0_1_aDeviation"),
        PATIENT);
  }

  @ParameterizedTest
  @EnumSource
  void aDeviationThatIsDeclared_passes(Deviation deviation) {
    SuiteRun run = run(Set.of(deviation), Set.of(deviation));
    assertThat(run.messages()).isEmpty();
    assertThat(run.tests()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void aDeclaredDeviationThatDoesNotOccur_fails(Deviation deviation) {
    assertThat(run(Set.of(), Set.of(deviation)).messages())
        .singleElement()
        .asString()
        .contains("S0.1", "declares " + deviation, "did not occur");
  }

  @ParameterizedTest
  @EnumSource
  void aDeviationThatIsNotDeclared_fails(Deviation deviation) {
    assertThat(run(Set.of(deviation), Set.of()).messages())
        .singleElement()
        .asString()
        .contains("S0.1: " + deviation + " occurred", "does not declare it");
  }

  @ParameterizedTest
  @EnumSource
  void aDeviationDeclaredInPlaceOfAnother_fails(Deviation deviation) {
    Set<Deviation> others = EnumSet.complementOf(EnumSet.of(deviation));
    assertThat(run(Set.of(deviation), others).messages())
        .singleElement()
        .asString()
        .contains("S0.1");
  }
}
