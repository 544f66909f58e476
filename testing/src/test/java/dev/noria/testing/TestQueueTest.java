package dev.noria.testing;

import static dev.noria.job.JobOption.priority;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.Discovery;
import dev.noria.job.CallType;
import dev.noria.job.JobId;
import dev.noria.job.JobType;
import dev.noria.plugin.Plugin;
import dev.noria.testing.TestQueue.Drained;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TestQueueTest {
  private static final JobType<String> SAY = JobType.of("say", String.class);
  private static final JobType<String> SHOUT = JobType.of("shout", String.class).queue("loud");
  private static final JobType<Email> SEND = JobType.of("send", Email.class);
  private static final CallType<String, Integer> COUNT =
      CallType.of("count", String.class, Integer.class);

  private final List<String> said = new ArrayList<>();
  private final TestQueue test = TestQueue.create();

  @AfterEach
  void close() {
    test.close();
  }

  private void handleSay() {
    test.queue().handle(SAY, (text, job) -> said.add(text));
  }

  @Test
  void nothingRuns_beforeDrain() {
    handleSay();
    test.queue().enqueue(SAY, "a");
    assertThat(said).isEmpty();

    Drained drained = test.drain();

    assertThat(said).containsExactly("a");
    assertThat(drained).isEqualTo(new Drained(1, 1, 0, 0, 0, 0));
    assertThat(test.drain()).isEqualTo(Drained.NOTHING);
  }

  @Test
  void drain_runsInTheOrderOfTheStorage_onTheCallingThread() {
    List<Thread> threads = new ArrayList<>();
    test.queue()
        .handle(
            SAY,
            (text, job) -> {
              said.add(text);
              threads.add(Thread.currentThread());
            });
    for (int i = 0; i < 50; i++) {
      test.queue().enqueue(SAY, "plain" + i);
    }
    test.queue().enqueue(SAY, "urgent", priority(9));

    assertThat(test.drain().ran()).isEqualTo(51);

    assertThat(said.get(0)).isEqualTo("urgent");
    assertThat(said.subList(1, 51))
        .isEqualTo(java.util.stream.IntStream.range(0, 50).mapToObj(i -> "plain" + i).toList());
    assertThat(threads).containsOnly(Thread.currentThread());
  }

  @Test
  void drain_runsWhatHandlersEnqueue_inOtherQueuesToo() {
    handleSay();
    test.queue()
        .handle(
            SHOUT,
            (text, job) -> {
              test.queue().enqueue(SAY, text + "!");
              job.followUp(SAY, text + "?");
            });
    test.queue().enqueue(SHOUT, "a");

    assertThat(test.drain().completed()).isEqualTo(3);
    assertThat(said).containsExactlyInAnyOrder("a!", "a?");
  }

  @Test
  void anUrgentJobOfAHandler_overtakesWhatWaits() {
    test.queue()
        .handle(
            SAY,
            (text, job) -> {
              said.add(text);
              if (text.equals("first")) {
                test.queue().enqueue(SAY, "urgent", priority(1));
              }
            });
    test.queue().enqueue(SAY, "first");
    test.queue().enqueue(SAY, "second");

    test.drain();

    assertThat(said).containsExactly("first", "urgent", "second");
  }

  @Test
  void withoutDiscovery_nothingIsRetried() {
    try (TestQueue plain =
        TestQueue.of(
            settings -> settings.discovery(Discovery.none()),
            queue ->
                queue.handle(
                    SAY,
                    (text, job) -> {
                      throw new IllegalStateException();
                    }))) {
      plain.queue().enqueue(SAY, "x");

      assertThat(plain.advance(Duration.ofDays(1))).isEqualTo(new Drained(1, 0, 0, 1, 0, 0));
    }
  }

  @Test
  void settings_reachThePlugins_andTheTestsOwnGeneratorIsUsed() {
    try (TestQueue own =
        TestQueue.of(
            settings -> settings.setting("noria.plugins.retries.jitter", "1"),
            queue ->
                queue
                    .provide(RandomGenerator.class, () -> 0)
                    .handle(
                        SAY,
                        (text, job) -> {
                          throw new IllegalStateException();
                        }))) {
      own.queue().enqueue(SAY, "x");

      // A jitter of 1 and the smallest draw make every delay zero.
      assertThat(own.drain()).isEqualTo(new Drained(5, 0, 4, 1, 0, 0));
    }
  }

  @Test
  void payloads_goThroughTheCodec() {
    AtomicReference<Email> seen = new AtomicReference<>();
    test.queue().handle(SEND, (email, job) -> seen.set(email));
    Email sent = new Email("a", "b");
    test.queue().enqueue(SEND, sent);

    test.drain();

    assertThat(seen.get()).isEqualTo(sent).isNotSameAs(sent);
  }

  @Test
  void results_canBeRead() {
    test.queue().handle(COUNT, (text, job) -> text.length());
    JobId id = test.queue().enqueue(COUNT, "four").id();

    test.drain();

    assertThat(test.queue().result(COUNT, id)).contains(4);
  }

  @Test
  void enqueueAndWait_isAnErrorInsteadOfForEver() {
    test.queue().handle(COUNT, (text, job) -> text.length());

    assertThatThrownBy(() -> test.queue().enqueueAndWait(COUNT, "x", Duration.ofSeconds(1)))
        .hasMessageContaining("drain()");
  }

  @Test
  void listeners_hearWhatHappened() {
    handleSay();
    List<String> heard = new ArrayList<>();
    test.queue()
        .use(
            Plugin.of(
                "ears",
                installer -> installer.listen(e -> heard.add(e.getClass().getSimpleName()))));
    test.queue().enqueue(SAY, "x");

    test.drain();

    assertThat(heard).contains("Enqueued", "Started", "Ended");
  }

  @Test
  void aLoopThatFails_failsTheTest() {
    test.queue()
        .use(
            Plugin.of(
                "broken",
                installer ->
                    installer.loop(
                        "loop",
                        () -> {
                          throw new java.io.IOException("cable");
                        })));

    assertThatThrownBy(test::drain)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("broken.loop")
        .hasMessageContaining("cable");
  }

  @Test
  void aHandlerThatEnqueuesItselfForEver_isStopped() {
    test.queue().handle(SAY, (text, job) -> test.queue().enqueue(SAY, text));
    test.queue().enqueue(SAY, "again");

    assertThatThrownBy(test::drain)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("100001 jobs ran")
        .hasMessageContaining("{say=1}");
  }

  @Test
  void drainInsideAJob_isAnError() {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    test.queue()
        .handle(
            SAY,
            (text, job) -> {
              try {
                test.drain();
              } catch (IllegalStateException e) {
                thrown.set(e);
              }
            });
    test.queue().enqueue(SAY, "x");

    test.drain();

    assertThat(thrown.get()).hasMessageContaining("inside a job");
  }

  @Test
  void aQueueThatTheCodeUnderTestStarts_canBeDrained() {
    handleSay();
    test.queue().start();
    test.queue().enqueue(SAY, "x");

    assertThat(test.drain().completed()).isEqualTo(1);
  }

  @Test
  void aQueueThatWasStopped_saysSo() {
    handleSay();
    test.drain();
    test.queue().stop();

    assertThatThrownBy(test::drain).hasMessageContaining("was stopped");
  }

  @Test
  void aQueueWithoutHandlers_canBeDrained() {
    test.queue().enqueue(SAY, "x");

    assertThat(test.advance(Duration.ofDays(1))).isEqualTo(Drained.NOTHING);
  }

  @Test
  void close_isQuick_evenAfterADrainThatFailed() {
    test.queue().handle(SAY, (text, job) -> test.queue().enqueue(SAY, text));
    test.queue().enqueue(SAY, "again");
    assertThatThrownBy(test::drain).isInstanceOf(IllegalStateException.class);
    long start = System.nanoTime();

    test.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
  }
}
