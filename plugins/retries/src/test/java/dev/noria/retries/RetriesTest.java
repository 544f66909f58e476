package dev.noria.retries;

import static dev.noria.retries.Sample.NOW;
import static dev.noria.retries.Sample.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.ErrorInfo;
import dev.noria.job.JobType;
import dev.noria.job.NewJob;
import dev.noria.job.Outcome;
import dev.noria.middleware.Phase;
import dev.noria.plugin.ConfigurationException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetriesTest {
  private final IllegalStateException error = new IllegalStateException("no route");
  private static final JobType<String> PAY = JobType.of("pay", String.class);

  private static Instant retryAt(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Retry.class);
    return ((Outcome.Retry) outcome).at();
  }

  private static ErrorInfo deadWith(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Dead.class);
    return ((Outcome.Dead) outcome).error();
  }

  @Test
  void aFailure_isRetriedAfterTheDelay() {
    Outcome outcome = Installed.of(Retries.exponential(5)).failed(job("t", 3, 5), error);

    assertThat(retryAt(outcome)).isEqualTo(NOW.plusSeconds(4));
    assertThat(((Outcome.Retry) outcome).error().message()).isEqualTo("no route");
  }

  @Test
  void theLastFailure_isDeadWithItsError() {
    Outcome outcome = Installed.of(Retries.exponential(5)).failed(job("t", 5, 5), error);

    assertThat(deadWith(outcome).type()).isEqualTo(IllegalStateException.class.getName());
  }

  @Test
  void jitter_comesFromTheGeneratorOfTheQueue() {
    Installed installed =
        Installed.of(Retries.fixed(5, Duration.ofSeconds(100)), Map.of(), Sample.drawing(0));

    assertThat(retryAt(installed.failed(job("t", 1, 5), error))).isEqualTo(NOW.plusSeconds(75));
  }

  @Test
  void aBoundOfTheJob_isStrongerThanThePolicy() {
    Installed installed = Installed.of(Retries.linear(3, Duration.ofSeconds(1)));

    assertThat(retryAt(installed.failed(job("t", 7, 9), error))).isEqualTo(NOW.plusSeconds(7));
    deadWith(installed.failed(job("t", 2, 2), error));
  }

  @Test
  void aJobWithoutABound_hasThatOfThePolicy() {
    Installed installed = Installed.of(Retries.exponential(3));

    retryAt(installed.failed(job("t", 2, 0), error));
    deadWith(installed.failed(job("t", 3, 0), error));
  }

  @Test
  void anAttemptBeyondTheBound_isNotStarted() {
    Outcome outcome =
        Installed.of(Retries.exponential(3)).process(job("t", 4, 0), Outcome.Completed.VOID);

    assertThat(deadWith(outcome).message()).contains("Attempt 4", "at most 3");
  }

  @Test
  void none_isDeadAtOnce_exceptWhereATypeSaysOtherwise() {
    Installed installed =
        Installed.of(
            Retries.none().forType(PAY, RetryPolicy.fixed(2, Duration.ofSeconds(9)).withJitter(0)));

    deadWith(installed.failed(job("t", 1, 0), error));
    assertThat(retryAt(installed.failed(job("pay", 1, 0), error))).isEqualTo(NOW.plusSeconds(9));
  }

  @Test
  void on_theMostSpecificRuleWins() {
    Installed installed =
        Installed.of(
            Retries.exponential(5)
                .on(Exception.class, RetryRule.dead())
                .on(IOException.class, RetryRule.retryIn(Duration.ofMinutes(2)))
                .on(IllegalStateException.class, RetryRule.retry()));

    deadWith(installed.failed(job("t", 1, 5), new IllegalArgumentException()));
    assertThat(retryAt(installed.failed(job("t", 1, 5), new FileNotFoundException())))
        .isEqualTo(NOW.plus(Duration.ofMinutes(2)));
    assertThat(retryAt(installed.failed(job("t", 1, 5), error))).isEqualTo(NOW.plusSeconds(1));
    // Not an Exception at all.
    retryAt(installed.failed(job("t", 1, 5), new StackOverflowError()));
  }

  @Test
  void on_looksIntoWrappers() {
    Installed installed =
        Installed.of(
            Retries.exponential(5)
                .on(IllegalArgumentException.class, RetryRule.dead())
                .on(Exception.class, RetryRule.retry()));
    Throwable deep =
        new ExecutionException(
            new CompletionException(
                new InvocationTargetException(new IllegalArgumentException("bad"))));

    assertThat(deadWith(installed.failed(job("t", 1, 5), deep)).type())
        .isEqualTo(ExecutionException.class.getName());
    // An ordinary exception is not a wrapper: its cause is not its meaning.
    retryAt(installed.failed(job("t", 1, 5), new RuntimeException(new IllegalArgumentException())));
    retryAt(installed.failed(job("t", 1, 5), new ExecutionException("no cause", null)));
  }

  @Test
  void on_aRuleForAWrapperItself_isObeyed() {
    Installed installed =
        Installed.of(
            Retries.exponential(5)
                .on(IOException.class, RetryRule.retry())
                .on(ExecutionException.class, RetryRule.dead()));

    deadWith(installed.failed(job("t", 1, 5), new ExecutionException(new IOException())));
  }

  @Test
  void on_neverGrantsMoreAttempts() {
    Installed installed =
        Installed.of(
            Retries.exponential(2).on(IOException.class, RetryRule.retryIn(Duration.ZERO)));

    deadWith(installed.failed(job("t", 2, 0), new IOException()));
  }

  @Test
  void aPolicyThatAnswersNothing_isDead() {
    Installed installed =
        Installed.of(Retries.of(RetryPolicy.of(9, (attempt, error) -> Optional.empty())));

    deadWith(installed.failed(job("t", 1, 0), error));
  }

  @Test
  void maxElapsed_countsFromTheDueInstant() {
    Installed installed =
        Installed.of(
            Retries.of(
                RetryPolicy.fixed(99, Duration.ofSeconds(10))
                    .withMaxElapsed(Duration.ofSeconds(60))));

    assertThat(retryAt(installed.failed(job("t", 1, 0, NOW.minusSeconds(50)), error)))
        .isEqualTo(NOW.plusSeconds(10));
    deadWith(installed.failed(job("t", 1, 0, NOW.minusSeconds(51)), error));
  }

  static Outcome[] verdicts() {
    return new Outcome[] {
      Outcome.Completed.VOID,
      new Outcome.Retry(NOW.plusSeconds(77), ErrorInfo.of("RETRY", "later")),
      new Outcome.Dead(ErrorInfo.of("FAILED", "never")),
      new Outcome.Released(NOW.plusSeconds(77), "snoozed"),
      new Outcome.Cancelled("by somebody"),
      new Outcome.Acked(),
      new Outcome.Lost()
    };
  }

  @ParameterizedTest
  @MethodSource("verdicts")
  void whatTheHandlerDecided_stands(Outcome verdict) {
    assertThat(Installed.of(Retries.exponential(5)).process(job("t", 2, 5), verdict))
        .isSameAs(verdict);
  }

  @ParameterizedTest
  @MethodSource("verdicts")
  void whatTheHandlerDecided_standsInTheLastAttempt_butARetryIsDead(Outcome verdict) {
    Outcome outcome = Installed.of(Retries.exponential(5)).process(job("t", 5, 5), verdict);

    if (verdict.kind() == Outcome.Kind.RETRY) {
      assertThat(deadWith(outcome).message()).isEqualTo("later");
    } else {
      assertThat(outcome).isSameAs(verdict);
    }
  }

  @Test
  void enqueue_tellsTheStorageTheBound() {
    Installed installed =
        Installed.of(Retries.exponential(5).forType("pay", RetryPolicy.exponential(20)));

    assertThat(
            installed.enqueue(
                Sample.newJob("t", 0), Sample.newJob("pay", 0), Sample.newJob("t", 2)))
        .extracting(NewJob::maxAttempts)
        .containsExactly(5, 20, 2);
  }

  @Test
  void thePlugin_recovers() {
    assertThat(Installed.phase(Installed.of(Retries.none()))).isEqualTo(Phase.RECOVER);
    assertThat(Retries.none().id()).isEqualTo("retries");
  }

  @Test
  void retriesAreImmutable() {
    Retries plain = Retries.exponential(5);
    Retries ignoredType = plain.forType("t", RetryPolicy.none());
    Retries ignoredRule = plain.on(IllegalStateException.class, RetryRule.dead());

    assertThat(ignoredType).isNotSameAs(plain);
    assertThat(ignoredRule).isNotSameAs(plain);
    retryAt(Installed.of(plain).failed(job("t", 1, 0), error));
  }

  @Test
  void settingsBesideCode_areAnError() {
    assertThatThrownBy(
            () ->
                Installed.of(
                    Retries.exponential(5),
                    Map.of("max-attempts", "3", "cap", "PT1M"),
                    Sample.MIDDLE))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("noria.plugins.retries.max-attempts has no effect")
        .hasMessageContaining("noria.plugins.retries.cap has no effect");
  }

  @Test
  void aRuleWithADelayItDoesNotUse_isRefused() {
    assertThatThrownBy(() -> new RetryRule(RetryRule.Kind.DEAD, Duration.ofSeconds(1)))
        .hasMessageContaining("only RETRY_IN");
    assertThatThrownBy(() -> RetryRule.retryIn(Duration.ofSeconds(-1)))
        .hasMessageContaining("out of range");
  }
}
