package dev.noria.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobState;
import dev.noria.tck.history.Verdict.Kind;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class VerdictTest {
  @Test
  void line_namesEveryKindAndLabel() {
    Verdict verdict = new Story().enqueue(1).check().label("seed", 42).label("rounds", 3);
    assertThat(verdict.line())
        .startsWith("seed=42 rounds=3 jobs=1 runs=0 lost=1 phantom=0 dup-enqueue=0")
        .contains("redelivery-legal=0 redelivery-ILLEGAL=0", "recovered=0")
        .endsWith("INVALID");
  }

  @Test
  void summary_hasARowForEachOfTheSixteenInvariants() {
    Verdict verdict = new Story().enqueue(1).stored(1, JobState.READY).check();
    IntStream.rangeClosed(1, 16)
        .forEach(number -> assertThat(verdict.summary()).contains("| I" + number + " | "));
    assertThat(verdict.checked()).hasSize(16);
    assertThat(verdict.line()).endsWith(" VALID");
  }

  @Test
  void plus_addsCountsAndFacts() {
    Verdict good = new Story().enqueue(1).stored(1, JobState.READY).check();
    Verdict bad = new Story().enqueue(1).enqueue(2).check();
    Verdict both = good.plus(bad);
    assertThat(both.jobs()).isEqualTo(3);
    assertThat(both.count(Kind.LOST)).isEqualTo(2);
    assertThat(both.checked("I1").facts()).isEqualTo(3);
    assertThat(both.checked("I1").violations()).isEqualTo(2);
    assertThat(both.findings(Kind.LOST)).hasSize(2);
  }

  @Test
  void findings_areCountedBeyondThoseKept() {
    Story story = new Story();
    IntStream.range(0, Verdict.KEPT + 5).forEach(story::enqueue);
    Verdict verdict = story.check();
    assertThat(verdict.count(Kind.LOST)).isEqualTo(Verdict.KEPT + 5);
    assertThat(verdict.findings(Kind.LOST)).hasSize(Verdict.KEPT);
    assertThat(verdict.plus(verdict).findings(Kind.LOST)).hasSize(Verdict.KEPT);
  }

  @Test
  void explain_saysWhatIsWrong() {
    assertThat(new Story().enqueue(1).check().explain())
        .contains("lost (I1) " + Story.id(1) + ": acknowledged");
  }
}
