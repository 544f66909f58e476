package dev.noria.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NewJobTest {
  private static NewJob.Builder builder() {
    return NewJob.builder(new JobId(0, 1), "t", "q", Bytes.EMPTY);
  }

  @Test
  void headers_areUntouchedByWhatTheCallerDoesNext() {
    Map<String, String> mine = new HashMap<>(Map.of("a", "1"));
    JobOption option = JobOption.headers(mine);
    mine.put("a", "2");
    mine.put("b", "3");
    NewJob.Builder builder = builder();
    option.applyTo(builder, java.time.Instant.EPOCH);
    NewJob job = builder.build();

    builder.header("c", "4");

    assertThat(job.headers()).isEqualTo(Map.of("a", "1"));
    assertThatThrownBy(() -> job.headers().put("x", "y"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aCopyWithOneChange_leavesTheJobAlone() {
    NewJob job = builder().header("a", "1").build();

    assertThat(job.withHeader("a", "2").headers()).isEqualTo(Map.of("a", "2"));
    assertThat(job.withPayload(Bytes.utf8("x")).payload()).isEqualTo(Bytes.utf8("x"));
    assertThat(job.headers()).isEqualTo(Map.of("a", "1"));
    assertThat(job.payload()).isEqualTo(Bytes.EMPTY);
    assertThat(job.toBuilder().build()).isEqualTo(job);
  }

  @Test
  void aKeyUntilPurged_needsARetention() {
    JobKey key = new JobKey("k", KeyPolicy.untilPurged());
    assertThatThrownBy(() -> builder().key(key).build())
        .hasMessage(
            "Key 'k' holds until the job is purged, but its retention is zero. Give the job a"
                + " retention above zero, or use whileUnfinished().");
    assertThat(builder().key(key).retention(Retention.WITH_RESULT).build().key()).isEqualTo(key);
  }

  @Test
  void ranges_areChecked() {
    assertThatThrownBy(() -> builder().priority(-101)).hasMessageContaining("Priority -101");
    assertThatThrownBy(() -> builder().maxAttempts(-1)).hasMessageContaining("Attempts -1");
    assertThatThrownBy(() -> builder().type("x".repeat(201)))
        .hasMessage(
            "The type has 201 bytes in UTF-8. At most 200 are allowed; shorten it or use a hash of"
                + " it.");
    assertThatThrownBy(() -> builder().group("\ud800"))
        .hasMessageContaining("half a surrogate pair");
    assertThat(builder().priority(100).build().priority()).isEqualTo(100);
    assertThat(builder().type("ä".repeat(100)).build().type()).hasSize(100);
  }
}
