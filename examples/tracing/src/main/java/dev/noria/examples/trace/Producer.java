package dev.noria.examples.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.noria.JobQueue;
import dev.noria.tracing.Tracing;
import dev.noria.tracing.TracingOptions;
import dev.noria.tracing.TracingOptions.Relation;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes an order and enqueues it; another JVM works on it; the trace of both is printed. */
public final class Producer {

  /** Attempts are children of the enqueue: one trace from the request to the mail. */
  static final TracingOptions ONE_TRACE = TracingOptions.defaults().withRelation(Relation.CHILD);

  private Producer() {}

  /** Runs it. */
  public static void main(String... args) throws IOException, InterruptedException {
    String address = "sqlite:" + Files.createTempDirectory("noria-trace").resolve("jobs.db");
    List<TracedSpan> spans = new CopyOnWriteArrayList<>();
    OpenTelemetrySdk telemetry = TracedSpan.telemetry("producer", spans::add);
    try (JobQueue queue = JobQueue.open(address).use(Tracing.with(telemetry, ONE_TRACE))) {
      Span request = telemetry.getTracer("shop").spanBuilder("POST /orders").startSpan();
      Context.current().with(request).wrap((Runnable) () -> place(queue)).run();
      request.end();
    }
    telemetry.close();
    spans.addAll(worker(address));
    TraceTree.of(spans).forEach(System.out::println);
  }

  private static void place(JobQueue queue) {
    System.out.println("order " + queue.enqueue(Order.PLACE, new Order(42)).status());
  }

  /** A JVM of its own; it tells its spans on its standard output. */
  private static List<TracedSpan> worker(String address) throws IOException, InterruptedException {
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                address)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = worker.inputReader(UTF_8)) {
      return lines
          .lines()
          .filter(line -> line.startsWith(TracedSpan.MARK))
          .map(TracedSpan::parse)
          .toList();
    } finally {
      int ignored = worker.waitFor();
    }
  }
}
