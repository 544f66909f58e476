package dev.noria.retries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {
  private final Throwable error = new IllegalStateException("x");

  private Duration delay(RetryPolicy policy, int attempt) {
    return policy.delay(attempt, error, Sample.MIDDLE).orElseThrow();
  }

  @Test
  void exponential_doublesUpToFiveMinutes() {
    RetryPolicy policy = RetryPolicy.exponential(20);

    assertThat(IntStream.of(1, 2, 3, 4, 9).mapToObj(attempt -> delay(policy, attempt)))
        .containsExactly(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8),
            Duration.ofSeconds(256));
    assertThat(delay(policy, 10)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void exponential_withBaseAndFactor() {
    RetryPolicy policy = RetryPolicy.exponential(5, Duration.ofMillis(100), 3);

    assertThat(delay(policy, 3)).isEqualTo(Duration.ofMillis(900));
  }

  @Test
  void exponential_withABaseAboveTheCap_isNotCutBelowIt() {
    assertThat(delay(RetryPolicy.exponential(5, Duration.ofHours(1), 2), 4))
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  void linear_growsByTheStep() {
    RetryPolicy policy = RetryPolicy.linear(5, Duration.ofSeconds(10));

    assertThat(delay(policy, 1)).isEqualTo(Duration.ofSeconds(10));
    assertThat(delay(policy, 4)).isEqualTo(Duration.ofSeconds(40));
  }

  @Test
  void fixed_staysTheSame() {
    RetryPolicy policy = RetryPolicy.fixed(5, Duration.ofSeconds(7));

    assertThat(delay(policy, 1)).isEqualTo(Duration.ofSeconds(7));
    assertThat(delay(policy, 400)).isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, Integer.MAX_VALUE})
  void manyAttempts_neverOverflow(int attempt) {
    RetryPolicy exponential = RetryPolicy.exponential(attempt, Duration.ofDays(1), 100);
    RetryPolicy linear = RetryPolicy.linear(attempt, Duration.ofDays(300));
    RetryPolicy zero = RetryPolicy.exponential(attempt, Duration.ZERO, 100);

    assertThat(delay(exponential, attempt)).isEqualTo(Duration.ofDays(1));
    assertThat(delay(exponential.withCap(RetryPolicy.LONGEST), attempt))
        .isEqualTo(Duration.ofDays(365));
    assertThat(delay(linear, attempt)).isEqualTo(Duration.ofDays(365));
    assertThat(delay(zero, attempt)).isEqualTo(Duration.ZERO);
  }

  @Test
  void cap_boundsEveryStrategy() {
    Duration cap = Duration.ofSeconds(15);

    assertThat(delay(RetryPolicy.exponential(9).withCap(cap), 8)).isEqualTo(cap);
    assertThat(delay(RetryPolicy.linear(9, Duration.ofSeconds(10)).withCap(cap), 2)).isEqualTo(cap);
    assertThat(delay(RetryPolicy.fixed(9, Duration.ofMinutes(1)).withCap(cap), 1)).isEqualTo(cap);
    assertThat(delay(RetryPolicy.of(9, (n, e) -> Optional.of(Duration.ofDays(9))).withCap(cap), 1))
        .isEqualTo(cap);
  }

  @Test
  void jitter_isAQuarterAtMostByDefault() {
    RetryPolicy policy = RetryPolicy.fixed(5, Duration.ofSeconds(100));

    assertThat(policy.delay(1, error, Sample.drawing(0))).contains(Duration.ofSeconds(75));
    assertThat(policy.delay(1, error, Sample.drawing(1 - 1e-9))).contains(Duration.ofSeconds(125));
    assertThat(policy.withJitter(0).delay(1, error, Sample.drawing(0)))
        .contains(Duration.ofSeconds(100));
    assertThat(policy.withJitter(1).delay(1, error, Sample.drawing(0))).contains(Duration.ZERO);
  }

  @Test
  void jitter_spreadsJobsThatFailedTogether() {
    RetryPolicy policy = RetryPolicy.exponential(5);

    assertThat(
            IntStream.range(0, 1_000)
                .mapToObj(i -> policy.delay(1, error, ThreadLocalRandom.current()).orElseThrow()))
        .allMatch(
            delay ->
                delay.compareTo(Duration.ofMillis(750)) >= 0
                    && delay.compareTo(Duration.ofMillis(1_250)) <= 0)
        .anyMatch(delay -> delay.compareTo(Duration.ofMillis(900)) < 0)
        .anyMatch(delay -> delay.compareTo(Duration.ofMillis(1_100)) > 0);
  }

  @Test
  void ofAFunction_decidesByAttemptAndError() {
    RetryPolicy policy =
        RetryPolicy.of(
            9,
            (attempt, thrown) ->
                thrown instanceof IOException
                    ? Optional.of(Duration.ofSeconds(attempt))
                    : Optional.empty());

    assertThat(policy.delay(3, new IOException(), Sample.drawing(0)))
        .contains(Duration.ofSeconds(3));
    assertThat(policy.delay(3, error, Sample.MIDDLE)).isEmpty();
  }

  @Test
  void ofAFunction_aNegativeDelayIsAtOnce() {
    RetryPolicy policy =
        RetryPolicy.of(9, (attempt, thrown) -> Optional.of(Duration.ofSeconds(-1)));

    assertThat(delay(policy, 1)).isEqualTo(Duration.ZERO);
  }

  @Test
  void values_outOfRange_areRefused() {
    RetryPolicy policy = RetryPolicy.exponential(5);

    assertThatThrownBy(() -> RetryPolicy.exponential(0)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> RetryPolicy.fixed(3, Duration.ofSeconds(-1)))
        .hasMessageContaining("PT-1S is out of range");
    assertThatThrownBy(() -> RetryPolicy.linear(3, Duration.ofDays(366)))
        .hasMessageContaining("365 days");
    assertThatThrownBy(() -> RetryPolicy.exponential(3, Duration.ofSeconds(1), 0.5))
        .hasMessageContaining("Factor 0.5");
    assertThatThrownBy(() -> RetryPolicy.exponential(3, Duration.ofSeconds(1), Double.NaN))
        .hasMessageContaining("Factor NaN");
    assertThatThrownBy(() -> policy.withJitter(1.5)).hasMessageContaining("Jitter 1.5");
    assertThatThrownBy(() -> policy.withCap(Duration.ofSeconds(-1))).hasMessageContaining("cap");
    assertThatThrownBy(() -> policy.withMaxElapsed(Duration.ZERO))
        .hasMessageContaining("above zero");
  }
}
