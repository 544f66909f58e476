package dev.noria.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.GroupPolicy;
import dev.noria.job.GroupPolicy.StartRate;
import dev.noria.job.JobState;
import dev.noria.job.QueuePolicy;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FormsTest {
  private static final QueuePolicy RICH =
      new QueuePolicy(
          300,
          new GroupPolicy(2, 3, new StartRate(5, Duration.ofSeconds(1), 7)),
          Map.of("gold", new GroupPolicy(9, 0, null)),
          Map.of("acme", "gold"),
          Map.of("single", new GroupPolicy(1, 1, null)));

  @Test
  void aPolicy_isReadAsWritten() {
    assertThat(PolicyForm.read(PolicyForm.write(RICH))).isEqualTo(RICH);
    assertThat(PolicyForm.read(PolicyForm.write(QueuePolicy.UNLIMITED)))
        .isEqualTo(QueuePolicy.UNLIMITED);
  }

  /** Databases of earlier releases hold these bytes. */
  @Test
  void theFormOfAPolicy_staysAsItIs() {
    assertThat(HexFormat.of().formatHex(PolicyForm.write(RICH)))
        .isEqualTo(
            "01ac0202030105e8070701"
                + "04676f6c64090000"
                + "010461636d6504676f6c64"
                + "010673696e676c65010100");
  }

  @Test
  void anUnknownForm_isRefused() {
    assertThatThrownBy(() -> PolicyForm.read(new byte[] {2, 0}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("unknown form");
  }

  @ParameterizedTest
  @EnumSource
  void aState_hasItsNumber(JobState state) {
    assertThat(Codes.state(Codes.of(state))).isEqualTo(state);
    assertThat(Codes.of(state)).isBetween(0, Codes.STATE_COUNT - 1);
  }

  /** A number never changes its meaning. */
  @Test
  void numbers_stayAsTheyAre() {
    assertThat(Codes.of(JobState.READY)).isEqualTo(2);
    assertThat(Codes.of(JobState.CANCELLED)).isEqualTo(6);
    assertThat(Codes.UNTIL).hasToString("[STARTED, FINISHED, PURGED, WINDOW]");
    assertThat(Codes.ON_CONFLICT).hasToString("[KEEP, REPLACE]");
    assertThat(Codes.ON_FAILURE).hasToString("[CANCEL, IGNORE, HOLD]");
    assertThat(Codes.ON_MISSING).hasToString("[REJECT, COUNT_AS_DONE]");
    assertThat(Codes.MODES).hasToString("[OFF, TERMINAL, ALL]");
    assertThat(Codes.RECEIPTS).hasToString("[ENQUEUED, DUPLICATE, REPLACED, REJECTED]");
  }
}
