package dev.noria.verification;

import static dev.noria.verification.TracingTest.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.JobOption;
import dev.noria.micrometer.Micrometer;
import dev.noria.testing.TestQueue;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The same numbers in Micrometer's registry. */
class MetricsOfMicrometerTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void aJobAndItsQueue_areInTheRegistry() {
    Micrometer plugin = Micrometer.with(registry).withTag("app", "shop");
    try (TestQueue test =
        TestQueue.of(queue -> queue.use(plugin).handle(TYPE, (work, job) -> {}))) {
      JobQueue queue = test.queue();
      queue.enqueue(TYPE, new Work(1));
      queue.enqueue(TYPE, new Work(2), JobOption.in(Duration.ofDays(1)));
      test.advance(Duration.ofMinutes(1));

      assertThat(registry.get("noria.enqueued").tags("queue", "mail", "app", "shop").counter())
          .satisfies(counter -> assertThat(counter.count()).isEqualTo(2));
      assertThat(
              registry
                  .get("noria.job.run")
                  .tags("queue", "mail", "type", "mail.send", "outcome", "completed")
                  .timer()
                  .count())
          .isEqualTo(1);
      assertThat(registry.get("noria.job.attempts").summary().totalAmount()).isEqualTo(1);
      assertThat(
              registry
                  .get("noria.queue.jobs")
                  .tags("queue", "mail", "state", "scheduled")
                  .gauge()
                  .value())
          .isEqualTo(1);
      assertThat(registry.get("noria.storage.call").tags("call", "exchange").timer().count())
          .isPositive();
      assertThat(registry.get("noria.loop.late").tags("loop", "exchange").gauge().value()).isZero();
    }
    assertThat(registry.find("noria.queue.jobs").gauges()).as("after the close").isEmpty();
  }

  @Test
  void aRegistryWithoutRegistries_isInNoChain() {
    try (JobQueue queue =
        JobQueue.builder()
            .discovery(Discovery.none())
            .storage("memory:")
            .build()
            .use(Micrometer.with(new CompositeMeterRegistry()))) {
      assertThat(queue.describe()).doesNotContain("micrometer");
    }
  }
}
