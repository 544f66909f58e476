package dev.noria.verification;

import static dev.noria.verification.TracingTest.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobHandler;
import dev.noria.job.JobOption;
import dev.noria.job.Outcome;
import dev.noria.metrics.Metrics;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.Plugin;
import dev.noria.retries.Retries;
import dev.noria.testing.TestQueue;
import dev.noria.tracing.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The numbers of a queue, read by the SDK's reader in memory. */
class MetricsTest {
  private final InMemoryMetricReader reader = InMemoryMetricReader.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
          .build();
  private TestQueue test;

  private JobQueue open(JobHandler<Work> handler, Plugin... more) {
    test =
        TestQueue.of(
            queue -> {
              queue.use(Metrics.with(sdk)).handle(TYPE, handler);
              for (Plugin plugin : more) {
                queue.use(plugin);
              }
            });
    return test.queue();
  }

  @AfterEach
  void end() {
    if (test != null) {
      test.close();
    }
    sdk.close();
  }

  /** All values by their attributes: of a sum or gauge the value, of a histogram the count. */
  private Map<String, Double> values(String name) {
    Map<String, Double> values = new TreeMap<>();
    points(name)
        .forEach(point -> values.put(new TreeMap<>(strings(point)).toString(), value(point)));
    return values;
  }

  private static Map<String, String> strings(PointData point) {
    Map<String, String> strings = new TreeMap<>();
    point.getAttributes().forEach((key, value) -> strings.put(key.getKey(), value.toString()));
    return strings;
  }

  private Stream<? extends PointData> points(String name) {
    Collection<MetricData> all = reader.collectAllMetrics();
    return all.stream()
        .filter(metric -> metric.getName().equals(name))
        .flatMap(metric -> metric.getData().getPoints().stream());
  }

  private static double value(PointData point) {
    if (point instanceof HistogramPointData histogram) {
      return histogram.getCount();
    }
    return point instanceof io.opentelemetry.sdk.metrics.data.LongPointData number
        ? number.getValue()
        : ((io.opentelemetry.sdk.metrics.data.DoublePointData) point).getValue();
  }

  private double sum(String name) {
    return points(name).mapToDouble(point -> ((HistogramPointData) point).getSum()).sum();
  }

  @Test
  void aJob_isCountedMeasuredAndAcked() {
    open((work, job) -> {}).enqueue(TYPE, new Work(1), JobOption.in(Duration.ofSeconds(10)));
    test.advance(Duration.ofSeconds(20));

    String line = "queue=mail";
    assertThat(values("noria.enqueued"))
        .isEqualTo(Map.of("{" + line + ", receipt=enqueued, type=mail.send}", 1.0));
    assertThat(values("noria.job.run"))
        .isEqualTo(Map.of("{outcome=completed, " + line + ", type=mail.send}", 1.0));
    assertThat(values("noria.job.wait")).isEqualTo(Map.of("{" + line + ", type=mail.send}", 1.0));
    assertThat(sum("noria.job.wait")).as("due to start").isCloseTo(0, within(1.0));
    assertThat(sum("noria.job.attempts")).isEqualTo(1);
    assertThat(values("noria.storage.call"))
        .containsKeys("{call=enqueue, error=none}", "{call=exchange, error=none}");
    assertThat(values("noria.storage.batch")).containsKey("{call=exchange}");
  }

  @Test
  void retriesAndDeath_areOutcomes() {
    JobHandler<Work> fails =
        (work, job) -> {
          throw new IllegalStateException("no route");
        };
    open(fails, Retries.fixed(3, Duration.ofSeconds(1))).enqueue(TYPE, new Work(1));
    test.advance(Duration.ofMinutes(1));

    assertThat(values("noria.job.run"))
        .containsEntry("{outcome=retry, queue=mail, type=mail.send}", 2.0)
        .containsEntry("{outcome=dead, queue=mail, type=mail.send}", 1.0);
    assertThat(sum("noria.job.attempts")).isEqualTo(3);
  }

  @Test
  void whatNobodyRecovers_isDead() {
    JobHandler<Work> fails =
        (work, job) -> {
          throw new IllegalStateException("no route");
        };
    open(fails, Retries.none()).enqueue(TYPE, new Work(1));
    test.drain();

    assertThat(values("noria.job.run"))
        .containsOnlyKeys("{outcome=dead, queue=mail, type=mail.send}");
  }

  @Test
  void releasedAndRejected_areCountedAsWhatTheyAre() {
    Plugin picky =
        Plugin.of(
            "picky",
            installer ->
                installer.aroundEnqueue(
                    Placement.in(Phase.ADMIT),
                    chain -> {
                      if (chain.jobs().size() > 1) {
                        chain.reject(chain.jobs().get(0), "no batches");
                      }
                      return chain.proceed();
                    }));
    Plugin breaker =
        Plugin.of(
            "breaker",
            installer ->
                installer.aroundProcess(
                    Placement.in(Phase.ADMIT),
                    chain ->
                        chain.job().lease().epoch() == 1
                            ? new Outcome.Released(test.now().plusSeconds(5), "closed")
                            : chain.proceed()));
    JobQueue queue = open((work, job) -> {}, picky, breaker);
    assertThat(queue.enqueueAll(List.of(TYPE.job(new Work(1)), TYPE.job(new Work(2)))))
        .extracting(EnqueueReceipt::status)
        .containsExactly(EnqueueReceipt.Status.REJECTED, EnqueueReceipt.Status.ENQUEUED);
    test.advance(Duration.ofSeconds(10));

    assertThat(values("noria.enqueued"))
        .containsEntry("{queue=mail, receipt=rejected, type=mail.send}", 1.0)
        .containsEntry("{queue=mail, receipt=enqueued, type=mail.send}", 1.0);
    assertThat(values("noria.job.run"))
        .containsEntry("{outcome=released, queue=mail, type=mail.send}", 1.0)
        .containsEntry("{outcome=completed, queue=mail, type=mail.send}", 1.0);
  }

  @Test
  void whatTheStorageEnds_isCountedWithItsReason() {
    JobQueue queue = open((work, job) -> {});
    queue.pause("mail");
    queue.enqueue(TYPE, new Work(1), JobOption.deadline(test.now().plusSeconds(1)));
    test.advance(Duration.ofMinutes(1));

    assertThat(values("noria.ended.by.storage"))
        .isEqualTo(Map.of("{queue=mail, reason=EXPIRED, type=mail.send}", 1.0));
  }

  @Test
  void theQueuesAndTheKernel_areGauges() {
    JobQueue queue = open((work, job) -> {});
    queue.pause("mail");
    queue.enqueue(TYPE, new Work(1));
    queue.enqueue(TYPE, new Work(2), JobOption.in(Duration.ofDays(1)));
    test.advance(Duration.ofMinutes(2));

    assertThat(values("noria.queue.jobs"))
        .containsEntry("{queue=mail, state=ready}", 1.0)
        .containsEntry("{queue=mail, state=scheduled}", 1.0)
        .containsEntry("{queue=mail, state=running}", 0.0)
        .containsEntry("{queue=mail, state=dead}", 0.0);
    assertThat(values("noria.queue.oldest.ready").get("{queue=mail}")).isBetween(60.0, 120.0);
    assertThat(values("noria.worker.buffered")).isEqualTo(Map.of("{}", 0.0));
    assertThat(values("noria.worker.running")).isEqualTo(Map.of("{}", 0.0));
    assertThat(values("noria.clock.offset")).isEqualTo(Map.of("{}", 0.0));
    assertThat(values("noria.events.dropped")).isEqualTo(Map.of("{}", 0.0));
    assertThat(values("noria.loop.late"))
        .containsKeys("{loop=exchange}", "{loop=heartbeat}", "{loop=maintain}")
        .allSatisfy((loop, late) -> assertThat(late).isLessThan(1.0));
  }

  @Test
  void aQueueThatIsClosed_hasNoGaugesLeft() {
    JobQueue queue = open((work, job) -> {});
    queue.pause("mail");
    queue.enqueue(TYPE, new Work(1));
    test.advance(Duration.ofMinutes(1));
    assertThat(values("noria.queue.jobs")).isNotEmpty();

    test.close();

    assertThat(values("noria.queue.jobs")).isEmpty();
    assertThat(values("noria.loop.late")).isEmpty();
  }

  @Test
  void tracing_enclosesMetrics() {
    try (Traces traces = new Traces()) {
      JobQueue queue = open((work, job) -> {}, Tracing.with(traces.sdk()));
      assertThat(queue.describe())
          .contains("enqueue: tracing(metrics(retries(storage)))")
          .contains("process: tracing(metrics(retries(timeout(payload(handler)))))")
          .contains("ack: tracing(metrics(dequeue))");
    }
  }

  @Test
  void withoutAReader_metricsAreInNoChain() {
    try (JobQueue queue =
        JobQueue.builder()
            .discovery(Discovery.none())
            .storage("memory:")
            .build()
            .use(Metrics.with(OpenTelemetry.noop()))) {
      assertThat(queue.describe()).doesNotContain("metrics");
    }
  }
}
