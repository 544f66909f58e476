package dev.noria;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.CallType;
import dev.noria.job.JobType;
import dev.noria.plugin.Plugin;
import dev.noria.tck.ManualTime;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said twice is an error, never a silent choice of one of the two. */
class SaidTwiceTest {
  private static final JobType<String> SAY = JobType.of("say", String.class);

  private final JobQueue queue =
      JobQueue.builder().discovery(Discovery.none()).storage(ReferenceStorage::create).build();

  @AfterEach
  void close() {
    queue.close();
  }

  /** One call of the builder, and what the error calls it. */
  record Said(String name, UnaryOperator<JobQueueBuilder> call) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Said> builder() {
    return List.of(
        new Said("storage", builder -> builder.storage(ReferenceStorage::create)),
        new Said("setting noria.storage", builder -> builder.storage("memory:")),
        new Said("setting noria.worker.concurrency", builder -> builder.concurrency(3)),
        new Said("setting noria.worker.lease", builder -> builder.lease(Duration.ofHours(1))),
        new Said("setting noria.worker.grace", builder -> builder.grace(Duration.ZERO)),
        new Said("setting noria.worker.timeout", builder -> builder.timeout(Duration.ofHours(1))),
        new Said(
            "setting noria.enqueue.timeout",
            builder -> builder.enqueueTimeout(Duration.ofHours(1))),
        new Said("setting noria.x", builder -> builder.setting("noria.x", "1")),
        new Said("discovery", builder -> builder.discovery(Discovery.none())),
        new Said("executor", builder -> builder.executor(Runnable::run)),
        new Said("time", builder -> builder.time(new ManualTime())),
        new Said("driver", builder -> builder.driver(new ByHand())));
  }

  @ParameterizedTest
  @MethodSource
  void builder(Said said) {
    JobQueueBuilder once = said.call().apply(JobQueue.builder());

    assertThatThrownBy(() -> said.call().apply(once))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The " + said.name() + " was given twice. Give it once.");
  }

  @Test
  void aTypeWithTwoHandlers_isAnError() {
    queue.handle(SAY, (text, job) -> {});

    assertThatThrownBy(() -> queue.handle(SAY, (text, job) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The type 'say' has a handler already. Give it one handler.");
    assertThatThrownBy(
            () -> queue.handle(CallType.of("say", String.class, String.class), (text, job) -> text))
        .hasMessage("The type 'say' has a handler already. Give it one handler.");
  }

  @Test
  void aServiceProvidedTwice_isAnError() {
    queue.provide(String.class, "a");

    assertThatThrownBy(() -> queue.provide(String.class, "b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("A java.lang.String was provided before. Provide one of each type.");
  }

  @Test
  void aQueueWorkedOnTwice_isAnError() {
    queue.workOn("mail", 2, 1);

    assertThatThrownBy(() -> queue.workOn("mail"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("workOn(\"mail\") was called twice. Call it once for each queue.");
  }

  @Test
  void aSecondStart_isAnError() {
    queue.handle(SAY, (text, job) -> {}).start();

    assertThatThrownBy(queue::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The queue works already. Call start once.");
    queue.stop();
    assertThatThrownBy(queue::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The queue was stopped. Open a new one to work again.");
  }

  @Test
  void aStartWithoutHandlers_isAnError() {
    assertThatThrownBy(queue::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The queue has no handler to work with. Call handle(type, handler) before start, or do"
                + " not start a queue that only enqueues.");
  }

  @Test
  void everyDeclarationAfterTheFirstUse_isAnError() {
    queue.counts("default");

    assertThatThrownBy(() -> queue.use(Plugin.of("late", installer -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The queue is open already: use came after the first enqueue, look or start. Call use"
                + " before.");
    assertThatThrownBy(() -> queue.provide(String.class, "late"))
        .hasMessageContaining("provide came after the first enqueue, look or start");
    assertThatThrownBy(() -> queue.workOn("late"))
        .hasMessageContaining("workOn came after the first enqueue, look or start");
  }

  @Test
  void aClosedQueue_saysSo() {
    queue.close();

    assertThatThrownBy(() -> queue.enqueue(SAY, "x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The queue is closed. Open a new one.");
  }
}
