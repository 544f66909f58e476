package dev.noria.verification;

import static dev.noria.verification.TracingTest.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.JobRequest;
import dev.noria.plugin.JobEvent;
import dev.noria.plugin.Plugin;
import dev.noria.tracing.Tracing;
import dev.noria.tracing.TracingOptions;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Telemetry that throws, blocks or leaks never hurts the queue. */
class TracingFaultsTest {
  private static final int JOBS = 50;

  private static JobQueue queue(OpenTelemetry openTelemetry, Plugin... more) {
    JobQueue queue =
        JobQueue.builder()
            .discovery(Discovery.none())
            .storage("memory:")
            .build()
            .use(
                Tracing.with(
                    openTelemetry,
                    TracingOptions.defaults().withCreateSpans(true).withStorageSpans(true)));
    for (Plugin plugin : more) {
      JobQueue ignored = queue.use(plugin);
    }
    return queue;
  }

  private static void assertWorks(OpenTelemetry openTelemetry) throws Exception {
    assertWorks(openTelemetry, () -> {});
  }

  /** All jobs run; {@code atLast} happens before the worker stops. */
  private static void assertWorks(OpenTelemetry openTelemetry, Runnable atLast, Plugin... more)
      throws Exception {
    CountDownLatch ran = new CountDownLatch(JOBS + 1);
    try (JobQueue queue = queue(openTelemetry, more)) {
      queue.handle(TYPE, (work, job) -> ran.countDown()).start();
      assertThat(queue.enqueue(TYPE, new Work(0)).isEnqueued()).isTrue();
      List<JobRequest<Work>> batch =
          IntStream.range(0, JOBS).mapToObj(n -> TYPE.job(new Work(n))).toList();
      assertThat(queue.enqueueAll(batch)).allMatch(receipt -> receipt.isEnqueued());
      Wait.on(ran, "all jobs ran");
      Wait.until(Duration.ofSeconds(20), "all are acked", () -> queue.counts("mail").total() == 0);
      atLast.run();
    }
    assertThat(Context.current()).isSameAs(Context.root());
  }

  private static OpenTelemetry sdk(SdkTracerProviderBuilder provider, TextMapPropagator carrier) {
    return OpenTelemetrySdk.builder()
        .setTracerProvider(provider.build())
        .setPropagators(ContextPropagators.create(carrier))
        .build();
  }

  private static OpenTelemetry sdk(SdkTracerProviderBuilder provider) {
    return sdk(provider, TextMapPropagator.noop());
  }

  @Test
  void aPropagatorThatThrows_costsTheContextOnly() throws Exception {
    assertWorks(sdk(SdkTracerProvider.builder(), new Throwing()));
  }

  @Test
  void aSamplerThatThrows_costsTheSpansOnly() throws Exception {
    assertWorks(sdk(SdkTracerProvider.builder().setSampler(new ThrowingSampler())));
  }

  @Test
  void aProcessorThatThrowsAtTheStart_costsTheSpansOnly() throws Exception {
    assertWorks(sdk(SdkTracerProvider.builder().addSpanProcessor(new ThrowingProcessor(true))));
  }

  @Test
  void aProcessorThatThrowsAtTheEnd_costsTheSpansOnly() throws Exception {
    assertWorks(sdk(SdkTracerProvider.builder().addSpanProcessor(new ThrowingProcessor(false))));
  }

  @Test
  void anExporterThatThrows_costsTheSpansOnly() throws Exception {
    assertWorks(
        sdk(
            SdkTracerProvider.builder()
                .addSpanProcessor(
                    SimpleSpanProcessor.create(
                        exporter(
                            () -> {
                              throw new IllegalStateException("The collector is gone.");
                            })))));
  }

  @Test
  void anExporterThatBlocks_isNotWaitedFor() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    SpanProcessor batches =
        BatchSpanProcessor.builder(exporter(() -> awaitQuietly(never)))
            .setMaxQueueSize(8)
            .setMaxExportBatchSize(4)
            .setScheduleDelay(Duration.ofMillis(1))
            .build();
    try {
      assertWorks(sdk(SdkTracerProvider.builder().addSpanProcessor(batches)));
    } finally {
      never.countDown();
    }
  }

  @Test
  void listenersThatThrowOrBlock_areSkipped() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (Traces traces = new Traces()) {
      Plugin throwing = Plugin.of("throwing", i -> i.listen(TracingFaultsTest::fail));
      Plugin blocking = Plugin.of("blocking", i -> i.listen(event -> awaitQuietly(never)));
      Plugin observing =
          Plugin.of(
              "observing",
              installer -> {
                installer.observe(
                    operation -> {
                      throw new IllegalStateException("An observer that throws at the begin.");
                    });
                installer.observe(
                    operation ->
                        (items, took, error) -> {
                          throw new IllegalStateException("An observer that throws at the end.");
                        });
              });
      assertWorks(traces.sdk(), never::countDown, throwing, blocking, observing);
      assertThat(traces.named("process mail")).hasSize(JOBS + 1);
    } finally {
      never.countDown();
    }
  }

  private static void fail(JobEvent event) {
    throw new IllegalStateException("A listener that throws.");
  }

  @Test
  void aHandlerThatLeavesAScopeOpen_doesNotLendItsContextToTheNextJob() throws Exception {
    BlockingQueue<String> current = new LinkedBlockingQueue<>();
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (Traces traces = new Traces();
        JobQueue queue =
            JobQueue.builder()
                .discovery(Discovery.none())
                .storage("memory:")
                .executor(pool)
                .concurrency(1)
                .build()
                .use(Tracing.with(traces.sdk()))) {
      queue
          .handle(
              TYPE,
              (work, job) -> {
                current.add(Span.current().getSpanContext().getSpanId());
                leak(traces);
              })
          .start();
      for (int n = 0; n < 2; n++) {
        assertThat(queue.enqueue(TYPE, new Work(n)).isEnqueued()).isTrue();
      }
      String first = current.poll(30, TimeUnit.SECONDS);
      String second = current.poll(30, TimeUnit.SECONDS);
      Wait.until(Duration.ofSeconds(20), "both are acked", () -> queue.counts("mail").total() == 0);

      assertThat(traces.named("process mail"))
          .extracting(SpanData::getSpanId)
          .containsExactly(first, second);
      assertThat(traces.named("process mail"))
          .allSatisfy(span -> assertThat(span.getParentSpanContext().isValid()).isFalse());
      assertThat(pool.submit(() -> Span.current().getSpanContext()).get())
          .as("what the pooled thread is left with")
          .isEqualTo(SpanContext.getInvalid());
    } finally {
      pool.shutdownNow();
    }
  }

  @SuppressWarnings("MustBeClosed")
  private static void leak(Traces traces) {
    Span span = traces.sdk().getTracer("handler").spanBuilder("leaked").startSpan();
    var ignored = span.makeCurrent();
    span.end();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static SpanExporter exporter(Runnable export) {
    return new SpanExporter() {
      @Override
      public CompletableResultCode export(Collection<SpanData> spans) {
        export.run();
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }

  private static final class Throwing implements TextMapPropagator {
    @Override
    public Collection<String> fields() {
      return List.of("x-throwing");
    }

    @Override
    public <C> void inject(Context context, C carrier, TextMapSetter<C> setter) {
      throw new IllegalStateException("A propagator that throws.");
    }

    @Override
    public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
      throw new IllegalStateException("A propagator that throws.");
    }
  }

  private static final class ThrowingSampler implements Sampler {
    @Override
    public SamplingResult shouldSample(
        Context parent,
        String traceId,
        String name,
        SpanKind kind,
        Attributes attributes,
        List<LinkData> links) {
      throw new IllegalStateException("A sampler that throws.");
    }

    @Override
    public String getDescription() {
      return "throws";
    }
  }

  private record ThrowingProcessor(boolean atStart) implements SpanProcessor {
    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
      throw new IllegalStateException("A processor that throws at the start.");
    }

    @Override
    public boolean isStartRequired() {
      return atStart;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      throw new IllegalStateException("A processor that throws at the end.");
    }

    @Override
    public boolean isEndRequired() {
      return !atStart;
    }
  }
}
