package dev.noria.examples.blackout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.JobType;
import dev.noria.testing.TestQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The clock of a test queue starts at midnight. */
class BlackoutTest {
  private static final JobType<String> MAIL = JobType.of("mail", String.class);

  private final List<String> sent = new ArrayList<>();
  private final TestQueue test =
      TestQueue.of(
          queue -> queue.use(new BlackoutPlugin()).handle(MAIL, (text, job) -> sent.add(text)));

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void atNight_aJobWaitsUntilTheMorning() {
    JobId id = test.queue().enqueue(MAIL, "hello").id();

    assertThat(test.drain().released()).isOne();

    JobStatus status = test.queue().find(id).orElseThrow().status();
    assertThat(status.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(status.reason()).isEqualTo("blackout");
    assertThat(status.dueAt()).isEqualTo(test.now().plus(8, ChronoUnit.HOURS));
    assertThat(status.attempt()).isZero();
    assertThat(sent).isEmpty();

    assertThat(test.advance(Duration.ofHours(8)).completed()).isOne();
    assertThat(sent).containsExactly("hello");
  }

  @Test
  void byDay_aJobIsHandledAtOnce() {
    test.advance(Duration.ofHours(12));
    test.queue().enqueue(MAIL, "hello");

    assertThat(test.drain().completed()).isOne();
  }

  @Test
  void theChain_showsThePlugin() {
    assertThat(test.queue().describe()).contains("process: blackout(timeout(");
  }

  @Test
  void theMiddleware_isShort() throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of("src/main/java/dev/noria/examples/blackout/Blackout.java"));

    assertThat(lines.stream().dropWhile(line -> !line.startsWith("public record")))
        .hasSizeLessThanOrEqualTo(15);
  }
}
