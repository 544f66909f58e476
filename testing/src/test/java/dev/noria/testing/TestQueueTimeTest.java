package dev.noria.testing;

import static dev.noria.job.JobOption.attempts;
import static dev.noria.job.JobOption.deadline;
import static dev.noria.job.JobOption.dependsOn;
import static dev.noria.job.JobOption.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.NewJob;
import dev.noria.plugin.Jobs;
import dev.noria.plugin.Plugin;
import dev.noria.storage.CallId;
import dev.noria.storage.Registers;
import dev.noria.testing.TestQueue.Drained;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TestQueueTimeTest {
  private static final JobType<String> SAY = JobType.of("say", String.class);

  private final List<String> said = new ArrayList<>();
  private final TestQueue test = TestQueue.create();

  @AfterEach
  void close() {
    test.close();
  }

  private void handleSay() {
    test.queue().handle(SAY, (text, job) -> said.add(text));
  }

  private String at() {
    return Duration.between(Instant.parse("2030-01-01T00:00:00Z"), test.now()).toString();
  }

  @Test
  void drain_leavesTheFutureAlone() {
    handleSay();
    test.queue().enqueue(SAY, "later", in(Duration.ofMillis(1)));

    assertThat(test.drain().ran()).isZero();
    assertThat(test.advance(Duration.ofMillis(1)).ran()).isEqualTo(1);
  }

  @Test
  void advance_stopsAtEachDueInstantInOrder() {
    test.queue().handle(SAY, (text, job) -> said.add(text + " " + at()));
    test.queue().enqueue(SAY, "c", in(Duration.ofDays(300)));
    test.queue().enqueue(SAY, "a", in(Duration.ofSeconds(1)));
    test.queue().enqueue(SAY, "b", in(Duration.ofHours(2)));
    Instant start = test.now();

    test.advance(Duration.ofDays(400));

    assertThat(said).containsExactly("a PT1S", "b PT2H", "c PT7200H");
    assertThat(test.now()).isEqualTo(start.plus(Duration.ofDays(400)));
  }

  @Test
  void advance_runsWhatAHandlerSchedules_atItsInstant() {
    test.queue()
        .handle(
            SAY,
            (text, job) -> {
              said.add(at());
              if (said.size() < 4) {
                test.queue().enqueue(SAY, "x", in(Duration.ofMinutes(10)));
              }
            });
    test.queue().enqueue(SAY, "x");

    test.advance(Duration.ofMinutes(25));

    assertThat(said).containsExactly("PT0S", "PT10M", "PT20M");
  }

  @Test
  void retries_areDiscovered_andHappenAtTheirInstants() {
    test.queue()
        .handle(
            SAY,
            (text, job) -> {
              said.add(at());
              throw new IllegalStateException("no");
            });
    JobId id = test.queue().enqueue(SAY, "x").id();

    assertThat(test.drain()).isEqualTo(new Drained(1, 0, 1, 0, 0, 0));
    assertThat(test.advance(Duration.ofMinutes(1))).isEqualTo(new Drained(4, 0, 3, 1, 0, 0));

    assertThat(said).containsExactly("PT0S", "PT1S", "PT3S", "PT7S", "PT15S");
    assertThat(test.queue().find(id).orElseThrow().state()).isEqualTo(JobState.DEAD);
    assertThat(test.queue().find(id).orElseThrow().job().maxAttempts()).isEqualTo(5);
  }

  @Test
  void attemptsOfTheJob_andVerdictsOfTheHandler_areObeyed() {
    AtomicInteger runs = new AtomicInteger();
    test.queue()
        .handle(
            SAY,
            (text, job) -> {
              if (runs.incrementAndGet() == 1) {
                job.snooze(Duration.ofHours(1));
              } else {
                job.retryIn(Duration.ofHours(1), "not yet");
              }
            });
    test.queue().enqueue(SAY, "x", attempts(2));

    assertThat(test.advance(Duration.ofDays(1))).isEqualTo(new Drained(3, 0, 1, 1, 1, 0));
  }

  @Test
  void deadlines_passAtTheirInstant_andSettleDependents() {
    test.queue().handle(SAY, (text, job) -> said.add(text + " " + at()));
    Instant end = test.now().plus(Duration.ofHours(1));
    JobId blocker = test.queue().enqueue(SAY, "never", in(Duration.ofDays(9))).id();
    JobId late = test.queue().enqueue(SAY, "late", dependsOn(blocker), deadline(end)).id();
    test.queue()
        .enqueue(
            SAY,
            "after",
            dependsOn(Dependencies.on(List.of(late)).onFailure(Dependencies.OnFailure.IGNORE)));

    Drained drained = test.advance(Duration.ofDays(1));

    assertThat(drained).isEqualTo(new Drained(1, 1, 0, 1, 0, 0));
    assertThat(said).containsExactly("after PT1H0.001S");
  }

  @Test
  void loopsOfPlugins_turnAtTheirInstants() {
    handleSay();
    test.queue()
        .use(
            Plugin.of(
                "clock",
                installer -> {
                  Supplier<Jobs> jobs = installer.require(Jobs.class);
                  installer.loop(
                      "tick",
                      () -> {
                        jobs.get().enqueue(SAY, at());
                        return Duration.ofMinutes(20).toMillis();
                      });
                }));

    test.advance(Duration.ofHours(1));

    assertThat(said).containsExactly("PT0S", "PT20M", "PT40M", "PT1H");
  }

  @Test
  void jobsOfARegisterThatMoves_expireAtTheirDeadline() {
    AtomicReference<Supplier<Registers>> registers = new AtomicReference<>();
    AtomicReference<Supplier<Jobs>> jobs = new AtomicReference<>();
    test.queue()
        .handle(SAY, (text, job) -> said.add(text + " " + at()))
        .use(
            Plugin.of(
                "mover",
                installer -> {
                  registers.set(installer.require(Registers.class));
                  jobs.set(installer.require(Jobs.class));
                }));
    test.drain();
    JobId blocker = test.queue().enqueue(SAY, "never", in(Duration.ofDays(9))).id();
    NewJob late =
        jobs.get()
            .get()
            .prepare(
                SAY.job(
                    "late", dependsOn(blocker), deadline(test.now().plus(Duration.ofHours(1)))));
    assertThat(
            registers
                .get()
                .get()
                .advance(new CallId(7, 1), "r", 0, Bytes.EMPTY, List.of(late), test.now()))
        .isPresent();
    test.queue()
        .enqueue(
            SAY,
            "after",
            dependsOn(
                Dependencies.on(List.of(late.id())).onFailure(Dependencies.OnFailure.IGNORE)));

    test.advance(Duration.ofDays(1));

    assertThat(said).containsExactly("after PT1H0.001S");
  }

  @Test
  void theClock_doesNotGoBack() {
    assertThatThrownBy(() -> test.advance(Duration.ofSeconds(-1))).hasMessageContaining("negative");
  }

  @Test
  void aYearOfManyJobs_takesAMoment() {
    AtomicInteger runs = new AtomicInteger();
    test.queue().handle(SAY, (text, job) -> runs.incrementAndGet());
    for (int i = 0; i < 5_000; i++) {
      test.queue().enqueue(SAY, "x", in(Duration.ofHours(i)));
    }

    test.advance(Duration.ofDays(365));

    assertThat(runs).hasValue(5_000);
  }
}
