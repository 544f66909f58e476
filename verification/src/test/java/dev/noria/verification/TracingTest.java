package dev.noria.verification;

import static dev.noria.verification.Traces.number;
import static dev.noria.verification.Traces.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.JobQueue;
import dev.noria.job.JobContext;
import dev.noria.job.JobHandler;
import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobType;
import dev.noria.job.Part;
import dev.noria.plugin.Plugin;
import dev.noria.retries.Retries;
import dev.noria.testing.TestQueue;
import dev.noria.tracing.Tracing;
import dev.noria.tracing.TracingOptions;
import dev.noria.tracing.TracingOptions.Relation;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** The spans of a queue, seen by the SDK's exporter in memory. */
class TracingTest {
  static final JobType<Work> TYPE = JobType.of("mail.send", Work.class).queue("mail");

  private final Traces traces = new Traces();
  private TestQueue test;

  private JobQueue open(TracingOptions options, JobHandler<Work> handler, Plugin... more) {
    test =
        TestQueue.of(
            queue -> {
              queue.use(Tracing.with(traces.sdk(), options)).handle(TYPE, handler);
              for (Plugin plugin : more) {
                queue.use(plugin);
              }
            });
    return test.queue();
  }

  private JobQueue open(JobHandler<Work> handler, Plugin... more) {
    return open(TracingOptions.defaults(), handler, more);
  }

  private static void nothing(Work work, JobContext job) {}

  @AfterEach
  void end() {
    if (test != null) {
      test.close();
    }
    traces.assertBalanced();
    traces.close();
  }

  private static void assertLinked(SpanData from, SpanData... to) {
    assertThat(from.getLinks())
        .extracting(link -> link.getSpanContext().getSpanId())
        .containsExactly(List.of(to).stream().map(SpanData::getSpanId).toArray(String[]::new));
  }

  @Test
  void aJob_isSentProcessedAndAcked() {
    JobId id = open(TracingTest::nothing).enqueue(TYPE, new Work(1), JobOption.group("acme")).id();
    test.drain();

    SpanData send = traces.one("send mail");
    assertThat(send.getKind()).isEqualTo(SpanKind.PRODUCER);
    assertThat(text(send, "messaging.system")).isEqualTo("noria");
    assertThat(text(send, "messaging.operation.type")).isEqualTo("send");
    assertThat(text(send, "messaging.operation.name")).isEqualTo("send");
    assertThat(text(send, "messaging.destination.name")).isEqualTo("mail");
    assertThat(text(send, "messaging.message.id")).isEqualTo(id.toString());
    assertThat(text(send, "noria.job.type")).isEqualTo("mail.send");
    assertThat(text(send, "noria.receipt")).isEqualTo("enqueued");
    assertThat(number(send, "messaging.batch.message_count")).isNull();

    SpanData process = traces.one("process mail");
    assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(process.getParentSpanContext().isValid()).isFalse();
    assertLinked(process, send);
    assertThat(text(process, "messaging.operation.type")).isEqualTo("process");
    assertThat(text(process, "messaging.message.id")).isEqualTo(id.toString());
    assertThat(text(process, "noria.job.group")).isEqualTo("acme");
    assertThat(text(process, "noria.job.outcome")).isEqualTo("completed");
    assertThat(number(process, "noria.job.attempt")).isEqualTo(1);
    assertThat(number(process, "noria.job.epoch")).isEqualTo(1);
    assertThat(process.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);

    SpanData ack = traces.one("ack mail");
    assertThat(ack.getParentSpanId()).isEqualTo(process.getSpanId());
    assertThat(text(ack, "messaging.operation.type")).isEqualTo("settle");
    assertThat(text(ack, "noria.ack")).isEqualTo("completed");
  }

  @Test
  void asChild_everythingIsOneTrace() {
    open(
        TracingOptions.defaults().withRelation(Relation.CHILD),
        (work, job) -> {
          if (work.number() > 0) {
            JobId ignored = job.followUp(TYPE, new Work(work.number() - 1));
          }
        });
    Span request = traces.sdk().getTracer("test").spanBuilder("request").startSpan();
    Context.current()
        .with(request)
        .wrap((Runnable) () -> enqueue(test.queue(), test.queue().newId()))
        .run();
    request.end();
    test.drain();

    assertThat(traces.all()).extracting(SpanData::getTraceId).containsOnly(traceOf(request));
    List<SpanData> sends = traces.named("send mail");
    List<SpanData> runs = traces.named("process mail");
    assertThat(sends.get(0).getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
    assertThat(runs.get(0).getParentSpanId()).isEqualTo(sends.get(0).getSpanId());
    assertThat(sends.get(1).getParentSpanId()).as("a follow-up").isEqualTo(runs.get(0).getSpanId());
    assertThat(runs.get(1).getParentSpanId()).isEqualTo(sends.get(1).getSpanId());
    assertThat(runs).allSatisfy(run -> assertThat(run.getLinks()).isEmpty());
  }

  private static void enqueue(JobQueue queue, JobId id) {
    assertThat(queue.enqueue(TYPE, new Work(1), JobOption.id(id)).isEnqueued()).isTrue();
  }

  private static String traceOf(Span span) {
    return span.getSpanContext().getTraceId();
  }

  @Test
  void theHandler_isInsideItsSpan() {
    Map<String, String> seen = new HashMap<>();
    open((work, job) -> {
          seen.put("span", Span.current().getSpanContext().getSpanId());
          seen.put("mdc", MDC.get("traceId"));
        })
        .enqueue(TYPE, new Work(1));
    MDC.put("traceId", "of somebody else");
    test.drain();

    SpanData process = traces.one("process mail");
    assertThat(seen)
        .containsEntry("span", process.getSpanId())
        .containsEntry("mdc", process.getTraceId());
    assertThat(MDC.get("traceId")).isEqualTo("of somebody else");
    MDC.remove("traceId");
  }

  @Test
  void retries_haveASpanForEachAttempt() {
    JobHandler<Work> fails =
        (work, job) -> {
          throw new IllegalStateException("no route, attempt " + job.attempt());
        };
    open(fails, Retries.fixed(2, Duration.ofSeconds(1))).enqueue(TYPE, new Work(1));
    test.advance(Duration.ofMinutes(1));

    SpanData send = traces.one("send mail");
    List<SpanData> attempts = traces.named("process mail");
    assertThat(attempts).hasSize(2).allSatisfy(attempt -> assertLinked(attempt, send));
    assertThat(attempts)
        .extracting(span -> number(span, "noria.job.attempt"))
        .containsExactly(1L, 2L);
    assertThat(attempts)
        .extracting(span -> text(span, "noria.job.outcome"))
        .containsExactly("retry", "dead");
    assertThat(attempts.get(0).getAttributes().asMap().toString()).contains("noria.job.due");
    assertThat(attempts)
        .allSatisfy(
            span -> {
              assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
              assertThat(text(span, "error.type")).isEqualTo("java.lang.IllegalStateException");
              assertThat(span.getEvents())
                  .singleElement()
                  .satisfies(event -> assertThat(event.getName()).isEqualTo("exception"))
                  .satisfies(e -> assertThat(e.getAttributes().toString()).contains("no route"));
            });
  }

  @Test
  void aFailureThatNobodyRecovers_isDeadWithItsException() {
    JobHandler<Work> fails =
        (work, job) -> {
          throw new IllegalStateException("no route");
        };
    open(fails, Retries.none()).enqueue(TYPE, new Work(1));
    test.drain();

    SpanData process = traces.one("process mail");
    assertThat(text(process, "noria.job.outcome")).isEqualTo("dead");
    assertThat(text(process, "error.type")).isEqualTo("java.lang.IllegalStateException");
    assertThat(text(traces.one("ack mail"), "noria.ack")).isEqualTo("dead");
  }

  @Test
  void aSnoozedJob_isReleasedAndRunsAgainWithTheNextEpoch() {
    open((work, job) -> {
          if (job.epoch() == 1) {
            job.snooze(Duration.ofMinutes(5));
          }
        })
        .enqueue(TYPE, new Work(1));
    test.advance(Duration.ofMinutes(6));

    List<SpanData> runs = traces.named("process mail");
    assertThat(runs)
        .extracting(span -> text(span, "noria.job.outcome"))
        .containsExactly("released", "completed");
    assertThat(runs).extracting(span -> number(span, "noria.job.epoch")).containsExactly(1L, 2L);
    assertThat(runs).extracting(span -> number(span, "noria.job.attempt")).containsExactly(1L, 1L);
    assertThat(text(runs.get(0), "noria.reason")).isEqualTo("snoozed");
    assertLinked(runs.get(1), traces.one("send mail"));
    assertThat(traces.named("ack mail"))
        .extracting(span -> text(span, "noria.ack"))
        .containsExactly("released", "completed");
  }

  @Test
  void aJobOfUnknownType_isReleasedAndItsLaterRunIsLinked() {
    JobType<Work> other = JobType.of("other", Work.class).queue("mail");
    open(TracingTest::nothing).enqueue(other, new Work(1));
    test.drain();

    // No handler ran, so no attempt has a span; the send has.
    assertThat(traces.all()).extracting(SpanData::getName).containsExactly("send mail");
  }

  @Test
  void aBatch_hasOneSpanAndAllJobsLinkToIt() {
    JobQueue queue = open(TracingTest::nothing);
    assertThat(
            queue.enqueueAll(IntStream.range(0, 3).mapToObj(n -> TYPE.job(new Work(n))).toList()))
        .hasSize(3);
    test.drain();

    SpanData send = traces.one("send mail");
    assertThat(send.getKind()).isEqualTo(SpanKind.PRODUCER);
    assertThat(number(send, "messaging.batch.message_count")).isEqualTo(3);
    assertThat(number(send, "noria.batch.enqueued")).isEqualTo(3);
    assertThat(traces.named("process mail")).hasSize(3).allSatisfy(run -> assertLinked(run, send));
  }

  @Test
  void aBatchWithCreateSpans_hasOneForEachJob() {
    JobQueue queue = open(TracingOptions.defaults().withCreateSpans(true), TracingTest::nothing);
    assertThat(
            queue.enqueueAll(IntStream.range(0, 2).mapToObj(n -> TYPE.job(new Work(n))).toList()))
        .hasSize(2);
    test.drain();

    List<SpanData> creates = traces.named("create mail");
    SpanData send = traces.one("send mail");
    assertThat(creates).hasSize(2).allMatch(span -> span.getKind() == SpanKind.PRODUCER);
    assertThat(send.getKind()).isEqualTo(SpanKind.CLIENT);
    assertLinked(send, creates.get(0), creates.get(1));
    assertThat(traces.named("process mail"))
        .flatExtracting(SpanData::getLinks)
        .extracting(link -> link.getSpanContext().getSpanId())
        .containsExactlyInAnyOrder(creates.get(0).getSpanId(), creates.get(1).getSpanId());
  }

  @Test
  void aContextThatTheJobCarriesAlready_stays() {
    String given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    open(TracingTest::nothing).enqueue(TYPE, new Work(1), JobOption.header("traceparent", given));
    test.drain();

    assertThat(traces.one("send mail").getLinks())
        .extracting(link -> link.getSpanContext().getSpanId())
        .containsExactly("b7ad6b7169203331");
    assertThat(traces.one("process mail").getLinks())
        .extracting(link -> link.getSpanContext().getSpanId())
        .containsExactly("b7ad6b7169203331");
  }

  @Test
  void baggage_travelsOnlyWhereItIsAllowed() {
    List<Baggage> seen = new ArrayList<>();
    JobQueue queue =
        open(
            TracingOptions.defaults().withBaggage("tenant"),
            (work, job) -> seen.add(Baggage.current()));
    JobId id = queue.newId();
    Baggage all = Baggage.builder().put("tenant", "acme").put("token", "s3cret").build();
    Context.current().with(all).wrap((Runnable) () -> enqueue(queue, id)).run();
    assertThat(test.queue().find(id, EnumSet.allOf(Part.class)).orElseThrow().toString())
        .contains("tenant=acme")
        .doesNotContain("s3cret");
    test.drain();

    assertThat(seen)
        .singleElement()
        .satisfies(b -> assertThat(b.getEntryValue("tenant")).isEqualTo("acme"));
  }

  @Test
  void aJobWithoutRoomForHeaders_isStoredAllTheSame() {
    JobOption[] headers =
        IntStream.range(0, 64)
            .mapToObj(i -> JobOption.header("h" + i, "x"))
            .toArray(JobOption[]::new);
    open(TracingTest::nothing).enqueue(TYPE, new Work(1), headers);
    test.drain();

    assertThat(traces.one("process mail").getLinks()).isEmpty();
    assertThat(text(traces.one("send mail"), "noria.receipt")).isEqualTo("enqueued");
  }
}
