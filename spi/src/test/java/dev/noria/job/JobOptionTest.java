package dev.noria.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JobOptionTest {
  private static final JobId ID = new JobId(0, 1);
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final JobType<String> TYPE = JobType.of("say", String.class);

  /** Two options that set the same thing, and what that is called. */
  record Twice(String name, JobOption first, JobOption second) {
    @Override
    public String toString() {
      return name + ": " + first + ", " + second;
    }
  }

  static List<Twice> twice() {
    return List.of(
        new Twice("id", JobOption.id(ID), JobOption.id(new JobId(0, 2))),
        new Twice("queue", JobOption.queue("a"), JobOption.queue("b")),
        new Twice("due (in, at)", JobOption.in(Duration.ZERO), JobOption.in(Duration.ofHours(1))),
        new Twice("due (in, at)", JobOption.at(NOW), JobOption.at(NOW)),
        new Twice("due (in, at)", JobOption.in(Duration.ZERO), JobOption.at(NOW)),
        new Twice("priority", JobOption.priority(1), JobOption.priority(1)),
        new Twice("key", JobOption.key("a"), JobOption.key("b")),
        new Twice("key", JobOption.key("a"), JobOption.key("a", KeyPolicy.whileWaiting())),
        new Twice("group", JobOption.group("a"), JobOption.group("b")),
        new Twice("limitKey", JobOption.limitKey("a"), JobOption.limitKey("b")),
        new Twice("header x", JobOption.header("x", "1"), JobOption.header("x", "1")),
        new Twice("headers", JobOption.headers(Map.of("x", "1")), JobOption.headers(Map.of())),
        new Twice("header x", JobOption.headers(Map.of("x", "1")), JobOption.header("x", "2")),
        new Twice("header x", JobOption.header("x", "2"), JobOption.headers(Map.of("x", "1"))),
        new Twice("attempts", JobOption.attempts(1), JobOption.attempts(2)),
        new Twice(
            "timeout",
            JobOption.timeout(Duration.ofSeconds(1)),
            JobOption.timeout(Duration.ofSeconds(1))),
        new Twice("deadline", JobOption.deadline(NOW), JobOption.deadline(NOW)),
        new Twice(
            "retention",
            JobOption.retention(Duration.ZERO),
            JobOption.retention(Retention.WITH_RESULT)),
        new Twice("lifo", JobOption.lifo(), JobOption.lifo()),
        new Twice("dependsOn", JobOption.dependsOn(ID), JobOption.dependsOn(Dependencies.NONE)),
        new Twice("awaited", JobOption.awaited(), JobOption.awaited()));
  }

  private static String words(String name) {
    return "The option '" + name + "' was given twice. Give it once.";
  }

  @ParameterizedTest
  @MethodSource("twice")
  void theSameOptionTwice_isAnErrorWhereverItIsGiven(Twice twice) {
    assertThatThrownBy(() -> TYPE.job("x", twice.first(), twice.second()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(words(twice.name()));
    assertThatThrownBy(() -> TYPE.with(twice.first(), twice.second()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(words(twice.name()));
    assertThatThrownBy(
            () ->
                CallType.of("call", String.class, String.class).with(twice.first(), twice.second()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(words(twice.name()));
  }

  @Test
  void everyOption_isTriedTwice() {
    Set<String> factories =
        Arrays.stream(JobOption.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .filter(method -> method.getReturnType() == JobOption.class)
            .map(Method::getName)
            .collect(Collectors.toSet());
    Set<String> tried =
        twice().stream()
            .flatMap(twice -> Arrays.stream(twice.name().split("[ (),]+")))
            .collect(Collectors.toSet());
    assertThat(factories).hasSizeGreaterThan(15).isSubsetOf(tried);
  }

  @Test
  void differentHeaders_standTogether() {
    List<JobOption> options =
        JobOption.distinct(
            JobOption.header("a", "1"),
            JobOption.header("b", "2"),
            JobOption.headers(Map.of("c", "3")));
    NewJob.Builder job = NewJob.builder(ID, "t", "q", Bytes.EMPTY);
    options.forEach(option -> option.applyTo(job, NOW));
    assertThat(job.build().headers()).isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
  }

  @Test
  void aValueOutOfRange_failsWhereItIsWritten() {
    assertThatThrownBy(() -> JobOption.priority(101))
        .hasMessage("Priority 101 is out of range. Expected -100 to 100, higher first.");
    assertThatThrownBy(() -> JobOption.attempts(0))
        .hasMessage("Attempts 0 is out of range. At least 1.");
    assertThatThrownBy(() -> JobOption.in(Duration.ofMillis(-1)))
        .hasMessage("Delay PT-0.001S is negative. Expected zero or more.");
    assertThatThrownBy(() -> JobOption.timeout(Duration.ZERO))
        .hasMessage("Timeout PT0S is too short. Expected at least 1 ms.");
    assertThatThrownBy(() -> JobOption.queue(""))
        .hasMessage("The queue is empty. Expected 1 to 200 bytes.");
    assertThatThrownBy(() -> JobOption.header("x", "a\u0000b"))
        .hasMessageStartingWith("The value of header 'x' contains U+0000");
  }

  @Test
  void instants_areRoundedUpToMilliseconds() {
    NewJob.Builder job = NewJob.builder(ID, "t", "q", Bytes.EMPTY);
    JobOption.at(NOW.plusNanos(1)).applyTo(job, NOW);
    JobOption.deadline(NOW.plusNanos(1)).applyTo(job, NOW);
    assertThat(job.build().runAt()).isEqualTo(NOW.plusMillis(1));
    assertThat(job.build().deadline()).isEqualTo(NOW.plusMillis(1));
  }
}
