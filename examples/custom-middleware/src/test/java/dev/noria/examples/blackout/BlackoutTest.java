package dev.noria.examples.blackout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.StoredJob;
import dev.noria.plugin.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BlackoutTest {
  private static final JobType<String> MAIL = JobType.of("mail", String.class);

  private final CountDownLatch sent = new CountDownLatch(1);

  @Test
  void atNight_aJobWaitsUntilTheMorning() throws Exception {
    Instant night = Instant.parse("2030-06-01T03:00:00Z");
    try (JobQueue queue = at(night)) {
      var id = queue.enqueue(MAIL, "hello", JobOption.retention(Duration.ofHours(1))).id();
      StoredJob job = queue.find(id).orElseThrow();
      for (int i = 0; i < 10_000_000 && job.status().reason() == null; i++) {
        Thread.onSpinWait();
        job = queue.find(id).orElseThrow();
      }

      assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
      assertThat(job.status().reason()).isEqualTo("blackout");
      assertThat(job.status().dueAt()).isEqualTo(Instant.parse("2030-06-01T08:00:00Z"));
      assertThat(job.status().attempt()).isZero();
      assertThat(sent.getCount()).isOne();
    }
  }

  @Test
  void byDay_aJobIsHandled() throws Exception {
    try (JobQueue queue = at(Instant.parse("2030-06-01T08:00:00Z"))) {
      queue.enqueue(MAIL, "hello");

      assertThat(sent.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(queue.describe()).contains("process: blackout(timeout(");
    }
  }

  @Test
  void theMiddleware_isShort() throws Exception {
    List<String> lines =
        Files.readAllLines(Path.of("src/main/java/dev/noria/examples/blackout/Blackout.java"));

    long body = lines.stream().dropWhile(line -> !line.startsWith("public record")).count();
    assertThat(body).isLessThanOrEqualTo(15);
  }

  private JobQueue at(Instant now) {
    long start = System.nanoTime();
    TimeSource time =
        new TimeSource() {
          @Override
          public Instant now() {
            return now;
          }

          @Override
          public long nanos() {
            return System.nanoTime() - start;
          }
        };
    return JobQueue.builder()
        .storage("memory:")
        .discovery(Discovery.none())
        .time(time)
        .build()
        .use(new BlackoutPlugin())
        .handle(MAIL, (text, job) -> sent.countDown())
        .start();
  }
}
