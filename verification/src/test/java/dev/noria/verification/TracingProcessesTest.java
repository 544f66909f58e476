package dev.noria.verification;

import static dev.noria.verification.Traces.text;
import static dev.noria.verification.TracingTest.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.JobId;
import dev.noria.tck.process.ChildJvm;
import dev.noria.tracing.Tracing;
import dev.noria.tracing.TracingOptions;
import dev.noria.tracing.TracingOptions.Relation;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The producer is this JVM, the workers are others, on one SQLite file. */
class TracingProcessesTest {
  private static final Duration LEASE = Duration.ofSeconds(2);

  @TempDir private Path folder;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  private String address() {
    return "sqlite:" + folder.resolve("jobs.db");
  }

  private static TracingOptions options(Relation relation) {
    return TracingOptions.defaults().withRelation(relation);
  }

  private JobQueue producer(Traces traces, Relation relation) {
    return JobQueue.builder()
        .discovery(Discovery.none())
        .storage(address())
        .build()
        .use(Tracing.with(traces.sdk(), options(relation)));
  }

  private ChildJvm worker(Relation relation, boolean hangs) throws Exception {
    List<String> arguments = List.of(address(), relation.name(), Boolean.toString(hangs));
    return ChildJvm.start(
        Worker.class,
        arguments,
        line -> {
          if (line.startsWith("attempt ") || line.equals("hangs")) {
            said.add(line);
          }
        });
  }

  private String hear(ChildJvm child) throws InterruptedException {
    String line = said.poll(60, TimeUnit.SECONDS);
    assertThat(line).as(() -> "the child says something; " + child.errors()).isNotNull();
    return line;
  }

  @Test
  void linked_theAttemptThereLinksToTheEnqueueHere() throws Exception {
    try (Traces traces = new Traces();
        JobQueue queue = producer(traces, Relation.LINK);
        ChildJvm child = worker(Relation.LINK, false)) {
      JobId id = queue.enqueue(TYPE, new Work(1)).id();
      String[] attempt = hear(child).split(" ", -1);

      SpanData send = traces.one("send mail");
      assertThat(text(send, "messaging.message.id")).isEqualTo(id.toString());
      assertThat(attempt).startsWith("attempt").contains("link=" + send.getSpanId(), "parent=none");
      assertThat(attempt[1]).isNotEqualTo("trace=" + send.getTraceId());
    }
  }

  @Test
  void asChild_theAttemptThereIsInsideTheEnqueueHere() throws Exception {
    try (Traces traces = new Traces();
        JobQueue queue = producer(traces, Relation.CHILD);
        ChildJvm child = worker(Relation.CHILD, false)) {
      assertThat(queue.enqueue(TYPE, new Work(1)).isEnqueued()).isTrue();
      String[] attempt = hear(child).split(" ", -1);

      SpanData send = traces.one("send mail");
      assertThat(attempt)
          .contains("trace=" + send.getTraceId(), "parent=" + send.getSpanId(), "link=none");
    }
  }

  @Test
  void aReclaimedJob_hasItsNextAttemptLinkedToTheSameEnqueue() throws Exception {
    try (Traces traces = new Traces();
        JobQueue queue = producer(traces, Relation.LINK)) {
      try (ChildJvm dies = worker(Relation.LINK, true)) {
        assertThat(queue.enqueue(TYPE, new Work(1)).isEnqueued()).isTrue();
        assertThat(hear(dies)).isEqualTo("hangs");
        dies.kill();
      }
      try (ChildJvm child = worker(Relation.LINK, false)) {
        String[] attempt = hear(child).split(" ", -1);

        assertThat(attempt)
            .contains(
                "link=" + traces.one("send mail").getSpanId(), "epoch=2", "outcome=completed");
      }
    }
  }

  /** The child: works on one job, and tells of its span. */
  static final class Worker {
    private Worker() {}

    public static void main(String... args) throws InterruptedException {
      ChildJvm.dieWithParent();
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      boolean hangs = Boolean.parseBoolean(args[2]);
      CountDownLatch ran = new CountDownLatch(1);
      try (Traces traces = new Traces();
          JobQueue queue =
              JobQueue.builder()
                  .discovery(Discovery.none())
                  .storage(args[0])
                  .lease(LEASE)
                  .build()
                  .use(Tracing.with(traces.sdk(), options(Relation.valueOf(args[1]))))
                  .handle(
                      TYPE,
                      (work, job) -> {
                        if (hangs) {
                          out.println("hangs");
                          new CountDownLatch(1).await();
                        }
                        ran.countDown();
                      })) {
        JobQueue ignored = queue.start();
        ran.await();
        Wait.until(
            Duration.ofSeconds(30), "it ended", () -> !traces.named("process mail").isEmpty());
        out.println(told(traces.one("process mail")));
      }
    }

    private static String told(SpanData span) {
      String parent = span.getParentSpanContext().isValid() ? span.getParentSpanId() : "none";
      String link =
          span.getLinks().isEmpty() ? "none" : span.getLinks().get(0).getSpanContext().getSpanId();
      return String.join(
          " ",
          "attempt",
          "trace=" + span.getTraceId(),
          "parent=" + parent,
          "link=" + link,
          "epoch=" + span.getAttributes().get(AttributeKey.longKey("noria.job.epoch")),
          "outcome=" + text(span, "noria.job.outcome"));
    }
  }
}
