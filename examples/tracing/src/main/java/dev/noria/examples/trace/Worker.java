package dev.noria.examples.trace;

import dev.noria.JobQueue;
import dev.noria.retries.Retries;
import dev.noria.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Works on one order, whose card is declined at first, and on the mail that follows it. */
public final class Worker {
  private Worker() {}

  /** Runs it. */
  public static void main(String... args) throws InterruptedException {
    CountDownLatch sent = new CountDownLatch(1);
    OpenTelemetrySdk telemetry = TracedSpan.telemetry("worker", System.out::println);
    try (JobQueue queue = JobQueue.open(args[0])) {
      queue
          .use(Tracing.with(telemetry, Producer.ONE_TRACE))
          .use(Retries.fixed(3, Duration.ofMillis(10)))
          .handle(
              Order.PLACE,
              (order, job) -> {
                charge(telemetry, job.attempt());
                job.followUp(Order.CONFIRM, order);
              })
          .handle(Order.CONFIRM, (order, job) -> sent.countDown())
          .start();
      sent.await();
    }
    telemetry.close();
  }

  private static void charge(OpenTelemetrySdk telemetry, int attempt) {
    Span span = telemetry.getTracer("shop").spanBuilder("charge the card").startSpan();
    span.end();
    if (attempt == 1) {
      throw new IllegalStateException("The card was declined.");
    }
  }
}
