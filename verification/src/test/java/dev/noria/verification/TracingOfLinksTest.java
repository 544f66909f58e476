package dev.noria.verification;

import static dev.noria.verification.Traces.number;
import static dev.noria.verification.Traces.text;
import static dev.noria.verification.TracingTest.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Outcome;
import dev.noria.job.RejectedException;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.middleware.ProcessChain;
import dev.noria.plugin.Plugin;
import dev.noria.retries.Retries;
import dev.noria.storage.StorageException;
import dev.noria.testing.TestQueue;
import dev.noria.tracing.Tracing;
import dev.noria.tracing.TracingOptions;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What other links of the chains do, as tracing shows it; and where tracing itself stands. */
class TracingOfLinksTest {
  private static final Placement ADMIT = Placement.in(Phase.ADMIT);

  private final Traces traces = new Traces();
  private TestQueue test;
  private int ran;

  private JobQueue open(Plugin... plugins) {
    test =
        TestQueue.of(
            queue -> {
              queue.use(Tracing.with(traces.sdk())).handle(TYPE, (work, job) -> ran++);
              for (Plugin plugin : plugins) {
                queue.use(plugin);
              }
            });
    return test.queue();
  }

  private static Plugin aroundEnqueue(
      String id, Function<EnqueueChain, List<EnqueueReceipt>> link) {
    return Plugin.of(id, installer -> installer.aroundEnqueue(ADMIT, link));
  }

  private static Plugin aroundProcess(String id, Function<ProcessChain, Outcome> link) {
    return Plugin.of(id, installer -> installer.aroundProcess(ADMIT, link));
  }

  @AfterEach
  void end() {
    if (test != null) {
      test.close();
    }
    traces.assertBalanced();
    traces.close();
  }

  @Test
  void aRejectedEnqueue_isSeenWithItsReasonAndWhoDidIt() {
    JobQueue queue =
        open(
            aroundEnqueue(
                "opening-hours",
                chain -> {
                  chain.reject(chain.jobs().get(0), "it is night");
                  return chain.proceed();
                }));

    assertThatThrownBy(() -> queue.enqueue(TYPE, new Work(1)))
        .isInstanceOf(RejectedException.class);

    SpanData send = traces.one("send mail");
    assertThat(send.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(text(send, "error.type")).isEqualTo("rejected");
    assertThat(text(send, "noria.receipt")).isEqualTo("rejected");
    assertThat(text(send, "noria.reason")).isEqualTo("it is night");
    assertThat(text(send, "noria.stopped_by")).isEqualTo("opening-hours");
  }

  @Test
  void anAnsweredEnqueue_isSeenAsWhatItWasAnswered() {
    JobId known = new JobId(0, 7);
    open(aroundEnqueue(
            "remembered",
            chain -> {
              chain.answer(chain.jobs().get(0), EnqueueReceipt.duplicate(known, JobState.READY));
              return chain.proceed();
            }))
        .enqueue(TYPE, new Work(1));

    SpanData send = traces.one("send mail");
    assertThat(send.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(text(send, "noria.receipt")).isEqualTo("duplicate");
    assertThat(text(send, "noria.existing_id")).isEqualTo(known.toString());
    assertThat(text(send, "noria.stopped_by")).isEqualTo("remembered");
  }

  @Test
  void anEnqueueLinkThatDoesNotProceed_isNamed() {
    open(
            aroundEnqueue("through", EnqueueChain::proceed),
            aroundEnqueue(
                "dry-run",
                chain ->
                    chain.jobs().stream().map(job -> EnqueueReceipt.enqueued(job.id())).toList()))
        .enqueue(TYPE, new Work(1));
    test.drain();

    assertThat(ran).isZero();
    assertThat(text(traces.one("send mail"), "noria.stopped_by")).isEqualTo("dry-run");
  }

  @Test
  void aBatchOfWhichSomeAreSettled_tellsOfThoseOnly() {
    JobQueue queue =
        open(
            aroundEnqueue(
                "odd-ones",
                chain -> {
                  chain.reject(chain.jobs().get(1), "odd");
                  return chain.proceed();
                }),
            aroundEnqueue(
                "last-one",
                chain -> {
                  chain.answer(
                      chain.jobs().get(1),
                      EnqueueReceipt.duplicate(chain.jobs().get(1).id(), null));
                  return chain.proceed();
                }));
    assertThat(
            queue.enqueueAll(IntStream.range(0, 3).mapToObj(n -> TYPE.job(new Work(n))).toList()))
        .extracting(EnqueueReceipt::status)
        .containsExactly(
            EnqueueReceipt.Status.ENQUEUED,
            EnqueueReceipt.Status.REJECTED,
            EnqueueReceipt.Status.DUPLICATE);

    SpanData send = traces.one("send mail");
    assertThat(number(send, "noria.batch.enqueued")).isEqualTo(1);
    assertThat(number(send, "noria.batch.rejected")).isEqualTo(1);
    assertThat(number(send, "noria.batch.duplicate")).isEqualTo(1);
    assertThat(send.getEvents())
        .extracting(EventData::getName)
        .containsExactly("noria.settled", "noria.settled");
    assertThat(send.getEvents())
        .extracting(e -> e.getAttributes().get(AttributeKey.stringKey("noria.stopped_by")))
        .containsExactly("odd-ones", "last-one");
  }

  @Test
  void anEnqueueThatBreaks_hasItsException() {
    JobQueue queue =
        open(
            aroundEnqueue(
                "broken",
                chain -> {
                  throw new StorageException(StorageException.Kind.UNAVAILABLE, "no storage");
                }));
    assertThatThrownBy(() -> queue.enqueue(TYPE, new Work(1))).isInstanceOf(StorageException.class);

    SpanData send = traces.one("send mail");
    assertThat(text(send, "error.type")).isEqualTo(StorageException.class.getName());
    assertThat(send.getEvents()).extracting(EventData::getName).containsExactly("exception");
  }

  @Test
  void aProcessLinkThatDoesNotProceed_isNamedWithWhatItDid() {
    open(
            aroundProcess("through", ProcessChain::proceed),
            aroundProcess("breaker", chain -> new Outcome.Cancelled("the breaker is open")))
        .enqueue(TYPE, new Work(1));
    test.drain();

    assertThat(ran).isZero();
    SpanData process = traces.one("process mail");
    assertThat(text(process, "noria.stopped_by")).isEqualTo("breaker");
    assertThat(text(process, "noria.job.outcome")).isEqualTo("cancelled");
    assertThat(text(process, "noria.reason")).isEqualTo("the breaker is open");
  }

  @Test
  void aProcessLinkThatThrowsBefore_isNamed_andNotWhenTheHandlerThrows() {
    open(
            Retries.none(),
            aroundProcess(
                "broken",
                chain -> {
                  throw new IllegalStateException("before");
                }))
        .enqueue(TYPE, new Work(1));
    test.drain();

    assertThat(text(traces.one("process mail"), "noria.stopped_by")).isEqualTo("broken");
  }

  @Test
  void aHandlerThatWasReached_isNotStoppedByAnybody() {
    open(aroundProcess("through", ProcessChain::proceed)).enqueue(TYPE, new Work(1));
    test.drain();

    assertThat(ran).isEqualTo(1);
    assertThat(text(traces.one("process mail"), "noria.stopped_by")).isNull();
    assertThat(text(traces.one("send mail"), "noria.stopped_by")).isNull();
  }

  @Test
  void tracing_isOutermostAtEveryPointThatItWraps() {
    JobQueue queue =
        open(Retries.exponential(3), Plugin.of("own", Placement.in(Phase.OBSERVE), new Watching()));

    assertThat(queue.describe().lines())
        .containsExactly(
            "enqueue: tracing(own(retries(storage)))",
            "dequeue: storage",
            "process: tracing(own(retries(timeout(payload(handler)))))",
            "ack: tracing(dequeue)");
  }

  private static final class Watching implements dev.noria.middleware.Middleware {
    @Override
    public List<EnqueueReceipt> enqueue(EnqueueChain chain) {
      return chain.proceed();
    }

    @Override
    public Outcome process(ProcessChain chain) {
      return chain.proceed();
    }
  }

  @Test
  void withoutOpenTelemetry_tracingIsInNoChain() {
    assertThat(GlobalOpenTelemetry.isSet()).as("nobody sets it in this JVM").isFalse();
    try (JobQueue found = JobQueue.builder().storage("memory:").build();
        JobQueue noop =
            JobQueue.builder()
                .discovery(Discovery.none())
                .storage("memory:")
                .build()
                .use(Tracing.with(OpenTelemetry.noop()))) {
      assertThat(found.describe()).contains("retries(").doesNotContain("tracing");
      assertThat(noop.describe().lines())
          .containsExactly(
              "enqueue: storage",
              "dequeue: storage",
              "process: timeout(payload(handler))",
              "ack: dequeue");
    }
    assertThat(GlobalOpenTelemetry.isSet()).as("looking has not set it").isFalse();
  }

  @Test
  void storageCalls_haveSpansByOption_insideWhatMadeThem() {
    test =
        TestQueue.of(
            queue ->
                queue
                    .use(
                        Tracing.with(
                            traces.sdk(), TracingOptions.defaults().withStorageSpans(true)))
                    .handle(TYPE, (work, job) -> ran++));
    test.queue().enqueue(TYPE, new Work(1));
    test.drain();

    SpanData send = traces.one("send mail");
    assertThat(traces.one("storage enqueue").getParentSpanId()).isEqualTo(send.getSpanId());
    SpanData ack = traces.one("ack mail");
    assertThat(traces.named("storage exchange"))
        .anySatisfy(span -> assertThat(span.getParentSpanId()).isEqualTo(ack.getSpanId()))
        .anySatisfy(span -> assertThat(number(span, "messaging.batch.message_count")).isEqualTo(1));
  }
}
