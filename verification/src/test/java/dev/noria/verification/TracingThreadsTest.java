package dev.noria.verification;

import static dev.noria.verification.TracingTest.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.JobQueueBuilder;
import dev.noria.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Each handler sees its own span on whatever thread it runs, and the thread gets its own back. */
class TracingThreadsTest {
  private static final int JOBS = 200;

  private final Set<String> spans = ConcurrentHashMap.newKeySet();
  private final Set<String> found = ConcurrentHashMap.newKeySet();
  private final Set<Boolean> virtual = ConcurrentHashMap.newKeySet();

  private void run(UnaryOperator<JobQueueBuilder> settings) throws Exception {
    CountDownLatch ran = new CountDownLatch(JOBS);
    try (Traces traces = new Traces()) {
      JobQueueBuilder builder =
          JobQueue.builder().discovery(Discovery.none()).storage("memory:").concurrency(8);
      try (JobQueue queue = settings.apply(builder).build().use(Tracing.with(traces.sdk()))) {
        queue
            .handle(
                TYPE,
                (work, job) -> {
                  virtual.add(isVirtual(Thread.currentThread()));
                  boolean fresh = spans.add(Span.current().getSpanContext().getSpanId());
                  assertThat(fresh).isTrue();
                  ran.countDown();
                })
            .start();
        for (int n = 0; n < JOBS; n++) {
          assertThat(queue.enqueue(TYPE, new Work(n)).isEnqueued()).isTrue();
        }
        Wait.on(ran, "all jobs ran");
      }
      assertThat(traces.named("process mail"))
          .extracting(SpanData::getSpanId)
          .containsExactlyInAnyOrderElementsOf(spans)
          .hasSize(JOBS);
      traces.assertBalanced();
    }
  }

  @Test
  void onPooledThreads_everyTaskStartsAndEndsWithoutContext() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      run(
          builder ->
              builder.executor(
                  task ->
                      pool.execute(
                          () -> {
                            task.run();
                            found.add(left());
                          })));
      pool.shutdown();
      assertThat(found).containsExactly("nothing");
      assertThat(virtual).containsExactly(false);
    } finally {
      pool.shutdownNow();
    }
  }

  /** On JDK 21 and newer these are virtual threads. */
  @Test
  void onThreadsOfTheQueuesOwn_everyHandlerSeesItsSpan() throws Exception {
    run(builder -> builder);
    assertThat(virtual).containsExactly(Runtime.version().feature() >= 21);
  }

  private static String left() {
    boolean clean = Context.current() == Context.root() && MDC.get("traceId") == null;
    return clean ? "nothing" : Context.current() + " " + MDC.get("traceId");
  }

  private static boolean isVirtual(Thread thread) throws ReflectiveOperationException {
    if (Runtime.version().feature() < 21) {
      return false;
    }
    Method isVirtual = Thread.class.getMethod("isVirtual");
    return (boolean) isVirtual.invoke(thread);
  }
}
