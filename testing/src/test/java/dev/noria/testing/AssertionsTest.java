package dev.noria.testing;

import static dev.noria.job.JobOption.group;
import static dev.noria.job.JobOption.header;
import static dev.noria.job.JobOption.in;
import static dev.noria.job.JobOption.key;
import static dev.noria.job.JobOption.priority;
import static dev.noria.job.JobOption.queue;
import static dev.noria.job.JobOption.retention;
import static dev.noria.testing.NoriaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.Discovery;
import dev.noria.job.Bytes;
import dev.noria.job.CallType;
import dev.noria.job.JobId;
import dev.noria.job.JobType;
import dev.noria.job.Retention;
import dev.noria.plugin.PayloadStage;
import dev.noria.plugin.Plugin;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AssertionsTest {
  private static final JobType<Email> SEND = JobType.of("email.send", Email.class).queue("mail");
  private static final JobType<String> OTHER = JobType.of("other", String.class);
  private static final CallType<String, Integer> COUNT =
      CallType.of("count", String.class, Integer.class);
  private static final Email HELLO = new Email("a@example.org", "Hello");

  private final TestQueue test =
      TestQueue.of(settings -> settings.discovery(Discovery.none()), q -> {});

  @AfterEach
  void close() {
    test.close();
  }

  private static void assertFailure(ThrowingCallable assertion, String... parts) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(parts);
  }

  @Test
  void enqueued_narrowsToOneJobThatMeetsAllConditions() {
    test.queue()
        .enqueue(
            SEND,
            HELLO,
            in(Duration.ofHours(1)),
            priority(5),
            key("welcome-42"),
            group("acme"),
            header("trace", "7"));
    test.queue().enqueue(SEND, new Email("b@example.org", "Later"), queue("bulk"));

    assertThat(test)
        .enqueued(SEND)
        .times(2)
        .withPayload(HELLO)
        .withPayloadMatching(email -> email.to().startsWith("a"))
        .inQueue("mail")
        .dueIn(Duration.ofHours(1))
        .dueAt(test.now().plus(Duration.ofHours(1)))
        .withPriority(5)
        .withKey("welcome-42")
        .withGroup("acme")
        .withHeader("trace", "7")
        .times(1);
    assertThat(test).enqueued(SEND).inQueue("bulk").dueIn(Duration.ZERO).times(1);
    assertFailure(
        () -> assertThat(test).enqueued(SEND).inQueue("bulk").withPriority(5), "with priority 5");
  }

  @Test
  void payloads_areInTheOrderOfTheirEnqueue() {
    for (int i = 0; i < 20; i++) {
      test.queue().enqueue(OTHER, "n" + i);
    }

    assertThat(test)
        .enqueued(OTHER)
        .payloads()
        .hasSize(20)
        .startsWith("n0", "n1", "n2")
        .endsWith("n19");
  }

  @Test
  void aMissingJob_isReportedWithWhatWaitsInstead() {
    test.queue().enqueue(OTHER, "x", in(Duration.ofMinutes(3)), priority(2), key("k"));

    assertFailure(
        () -> assertThat(test).enqueued(SEND),
        "Expected a waiting job of type 'email.send', but there is none",
        "- other in queue 'default', SCHEDULED, due in PT3M, priority 2, key 'k', payload \"x\"");
  }

  @Test
  void everyCondition_isReportedWithTheJobsThatWereLeft() {
    test.queue().enqueue(SEND, HELLO, header("trace", "7"));
    JobsAssert<Email> send = assertThat(test).enqueued(SEND);

    assertFailure(
        () -> send.inQueue("mail").withPayload(new Email("z", "z")),
        "waiting job of type 'email.send' with queue 'mail' with payload Email[to=z, subject=z]",
        "headers {trace=7}",
        "a@example.org");
    assertFailure(() -> send.inQueue("x"), "with queue 'x'");
    assertFailure(() -> send.dueIn(Duration.ofSeconds(1)), "with a due instant in PT1S");
    assertFailure(
        () -> send.dueAt(test.now().plusMillis(1)), "with due instant 2030-01-01T00:00:00.001Z");
    assertFailure(() -> send.withKey("k"), "with key 'k'");
    assertFailure(() -> send.withGroup("g"), "with group 'g'");
    assertFailure(() -> send.withPriority(1), "with priority 1");
    assertFailure(() -> send.withHeader("trace", "8"), "with header trace=8");
    assertFailure(() -> send.withPayloadMatching(email -> false), "a payload that matches");
    assertFailure(() -> send.withError("x"), "an error with 'x'");
    assertFailure(() -> send.withError(Exception.class), "an error of java.lang.Exception");
    assertFailure(() -> send.times(2), "Expected 2 times a waiting job", "but it is 1 times");
    assertThatThrownBy(() -> send.times(0)).hasMessageContaining("use notEnqueued");
    assertThatThrownBy(() -> send.withResult(1)).hasMessageContaining("have no result");
  }

  @Test
  void absence_canBeAsserted() {
    test.queue().handle(OTHER, (text, job) -> {}).handle(SEND, (email, job) -> job.fail("gone"));

    assertThat(test).hasNoWaitingJobs().notEnqueued(SEND).notCompleted(OTHER).hasNoDeadJobs();
    test.queue().enqueue(SEND, HELLO);
    assertThat(test).notEnqueued(OTHER);
    assertFailure(() -> assertThat(test).hasNoWaitingJobs(), "not a waiting job", "email.send");
    assertFailure(() -> assertThat(test).notEnqueued(SEND), "not a waiting job of type", "Hello");
    test.queue().enqueue(OTHER, "x");
    test.drain();
    assertFailure(() -> assertThat(test).hasNoDeadJobs(), "not a dead job", "FAILED: gone");
    assertFailure(() -> assertThat(test).notCompleted(OTHER), "not a completed job of type");
  }

  @Test
  void completed_areSeenAlthoughTheyAreNotKept() {
    test.queue().handle(SEND, (email, job) -> {});
    JobId id = test.queue().enqueue(SEND, HELLO, header("trace", "7")).id();

    test.drain();

    org.assertj.core.api.Assertions.assertThat(test.queue().find(id)).isEmpty();
    assertThat(test).completed(SEND).withPayload(HELLO).withHeader("trace", "7").times(1);
    assertThat(test).hasNoWaitingJobs();
    assertFailure(() -> assertThat(test).dead(SEND), "Expected a dead job of type 'email.send'");
  }

  @Test
  void results_areSeen_keptOrNot() {
    test.queue().handle(COUNT, (text, job) -> text.length());
    test.queue().enqueue(COUNT, "four");
    test.queue().enqueue(COUNT, "seven77", retention(Duration.ZERO));

    test.drain();

    assertThat(test).completed(COUNT).times(2).withResult(4).withPayload("four");
    assertThat(test).completed(COUNT).withResult(7);
    assertFailure(() -> assertThat(test).completed(COUNT).withResult(5), "with result 5");
  }

  @Test
  void dead_areSeenWithTheirErrors_keptOrNot() {
    test.queue()
        .handle(
            SEND,
            (email, job) -> {
              throw new IllegalStateException("mailbox full");
            });
    test.queue().enqueue(SEND, HELLO);
    test.queue().enqueue(SEND, HELLO, retention(new Retention(Duration.ZERO, Duration.ZERO)));

    test.drain();

    assertThat(test)
        .dead(SEND)
        .withPayload(HELLO)
        .withError("mailbox")
        .withError(IllegalStateException.class)
        .withError("java.lang.IllegalStateException")
        .times(2);
  }

  @Test
  void aReplayedJob_isNotDeadAnyMore() {
    boolean[] broken = {true};
    test.queue()
        .handle(
            OTHER,
            (text, job) -> {
              if (broken[0]) {
                job.fail("broken");
              }
            });
    JobId id = test.queue().enqueue(OTHER, "x").id();
    test.drain();
    assertThat(test).dead(OTHER).withError("broken").times(1);

    broken[0] = false;
    test.queue().replay(id);
    assertThat(test).hasNoDeadJobs().enqueued(OTHER).times(1);
    test.drain();

    assertThat(test).hasNoDeadJobs().completed(OTHER).times(1);
  }

  @Test
  void cancelled_areSeen() {
    JobId id = test.queue().enqueue(OTHER, "x").id();
    test.queue().cancel(id);

    assertThat(test).hasNoWaitingJobs().cancelled(OTHER).withPayload("x").times(1);
  }

  @Test
  void payloadsBehindAStage_areReadable() {
    PayloadStage mirror =
        new PayloadStage() {
          @Override
          public Bytes write(Bytes content, Context context) {
            byte[] bytes = content.toArray();
            for (int i = 0; i < bytes.length; i++) {
              bytes[i] = (byte) ~bytes[i];
            }
            return Bytes.owned(bytes);
          }

          @Override
          public Bytes read(Bytes content, Context context) {
            return write(content, context);
          }
        };
    test.queue()
        .use(Plugin.of("mirror", installer -> installer.payloadStage(mirror)))
        .handle(SEND, (email, job) -> {})
        .handle(
            OTHER,
            (text, job) -> {
              throw new IllegalStateException("no " + text);
            });
    test.queue().enqueue(SEND, HELLO);
    test.queue().enqueue(OTHER, "x");

    assertThat(test).enqueued(SEND).withPayload(HELLO);
    test.drain();

    assertThat(test).completed(SEND).withPayload(HELLO);
    assertThat(test).dead(OTHER).withPayload("x").withError("no x");
  }

  @Test
  void descriptions_areKept() {
    assertFailure(() -> assertThat(test).as("after the import").enqueued(SEND), "after the import");
    test.queue().enqueue(SEND, HELLO);
    assertFailure(
        () -> assertThat(test).as("after the import").enqueued(SEND).inQueue("x"),
        "after the import");
  }
}
