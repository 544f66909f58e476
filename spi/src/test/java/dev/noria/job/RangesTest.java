package dev.noria.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RangesTest {

  @Test
  void retention_isZeroToAHundredYears() {
    Duration longest = Duration.ofDays(36_525);
    assertThat(new Retention(Duration.ZERO, longest).of(JobState.DEAD)).isEqualTo(longest);
    assertThat(Retention.WITH_RESULT.of(JobState.COMPLETED)).isEqualTo(Duration.ofHours(1));
    assertThatThrownBy(() -> new Retention(Duration.ofMillis(-1), Duration.ZERO))
        .hasMessage("Retention completed=PT-0.001S is out of range. Expected zero to 100 years.");
    assertThatThrownBy(() -> new Retention(Duration.ZERO, longest.plusMillis(1)))
        .hasMessageStartingWith("Retention failed=");
  }

  @Test
  void aKeyWindow_belongsToItsPolicyAndIsAtLeastAMillisecond() {
    assertThat(KeyPolicy.forWindow(Duration.ofMillis(1)).window()).isEqualTo(Duration.ofMillis(1));
    assertThat(KeyPolicy.forWindow(Duration.ofMillis(1)).replacing().onConflict())
        .isEqualTo(KeyPolicy.OnConflict.REPLACE);
    assertThatThrownBy(() -> KeyPolicy.forWindow(Duration.ofNanos(999_999)))
        .hasMessage("Key window PT0.000999999S is too short. It must be at least 1 ms.");
    assertThatThrownBy(
            () ->
                new KeyPolicy(
                    KeyPolicy.Until.FINISHED, Duration.ofDays(1), KeyPolicy.OnConflict.KEEP))
        .hasMessageContaining("A window belongs to WINDOW and to nothing else.");
    assertThatThrownBy(() -> new KeyPolicy(KeyPolicy.Until.WINDOW, null, KeyPolicy.OnConflict.KEEP))
        .hasMessageContaining("A window belongs to WINDOW and to nothing else.");
  }

  @Test
  void groupPolicies_areChecked() {
    assertThat(GroupPolicy.UNLIMITED.withWeight(1_000).withMaxRunning(3))
        .isEqualTo(new GroupPolicy(1_000, 3, null));
    assertThatThrownBy(() -> GroupPolicy.UNLIMITED.withWeight(0))
        .hasMessage("Weight 0 is out of range. Expected 1 to 1000.");
    assertThatThrownBy(() -> GroupPolicy.UNLIMITED.withWeight(1_001))
        .hasMessage("Weight 1001 is out of range. Expected 1 to 1000.");
    assertThatThrownBy(() -> GroupPolicy.UNLIMITED.withMaxRunning(-1))
        .hasMessageStartingWith("maxRunning -1 is negative.");
    assertThatThrownBy(() -> new GroupPolicy.StartRate(0, Duration.ofSeconds(1), 1))
        .hasMessageStartingWith("Start rate 0 per PT1S, burst 1 is out of range.");
  }

  @Test
  void cut_endsAtACharacter() {
    assertThat(Limits.cut("aäb", 2)).isEqualTo("a");
    assertThat(Limits.cut("aäb", 3)).isEqualTo("aä");
    assertThat(Limits.cut("a😀b", 4)).isEqualTo("a");
    assertThat(Limits.cut("a\u0000\ud800b", 100)).isEqualTo("a\ufffd\ufffdb");
  }

  @Test
  void limits_fitEachOther() {
    Limits limits = Limits.defaults().withPayloadBytes(32 * 1024 * 1024);
    assertThat(limits.batchBytes()).isEqualTo(32 * 1024 * 1024);
    assertThatThrownBy(() -> Limits.defaults().withBatch(0, 1_048_576))
        .hasMessage("A limit of 0 was given. Every limit must be at least 1.");
    assertThatThrownBy(() -> Limits.defaults().withPayloadBytes(65 * 1024 * 1024))
        .hasMessageContaining("It must be at most 64 MiB");
  }
}
