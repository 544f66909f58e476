package dev.noria;

import static dev.noria.job.JobOption.deadline;
import static dev.noria.job.JobOption.group;
import static dev.noria.job.JobOption.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobType;
import dev.noria.job.NewJob;
import dev.noria.kernel.LogCapture;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** One line for each job that came to its end. */
class OutcomeLinesTest {
  record Text(String text) {}

  private static final JobType<Text> WORK = JobType.of("work", Text.class);

  private final LogCapture log = LogCapture.of("dev.noria.outcome");
  private final JobStorage storage = ReferenceStorage.create();
  private final JobQueue queue =
      JobQueue.builder().discovery(Discovery.none()).storage(() -> storage).build();

  @AfterEach
  void close() {
    queue.close();
    log.close();
  }

  private LogCapture.Line line(JobId id) throws InterruptedException {
    LogCapture.Line line = log.await(each -> each.text().contains(id.toString()));
    queue.stop();
    assertThat(log.lines()).as("lines, one for the job").hasSize(1);
    return line;
  }

  @Test
  void aCompletedJob_isALineAtDebug() throws Exception {
    queue.handle(WORK, (text, job) -> {}).start();
    JobId id = queue.enqueue(WORK, new Text("secret"), group("acme")).id();

    LogCapture.Line line = line(id);

    assertThat(line.level()).isEqualTo(Level.DEBUG);
    assertThat(line.text())
        .matches(
            "outcome=completed id="
                + id
                + " type=work queue=default group=acme attempt=1 ran_ms=\\d+");
  }

  @Test
  void aDeadJob_isALineAtWarn_withoutPayloadAndWords() throws Exception {
    queue
        .handle(
            WORK,
            (text, job) -> {
              throw new IllegalStateException("cannot send " + text.text());
            })
        .start();
    JobId id = queue.enqueue(WORK, new Text("secret")).id();

    LogCapture.Line line = line(id);

    assertThat(line.level()).isEqualTo(Level.WARN);
    assertThat(line.error()).isNull();
    assertThat(line.text())
        .matches(
            "outcome=dead id="
                + id
                + " type=work queue=default attempt=1 ran_ms=\\d+ reason=FAILED"
                + " error=java\\.lang\\.IllegalStateException fingerprint=[0-9a-f]{16}");
  }

  @Test
  void nothingInTheData_canForgeALine() throws Exception {
    String evil = "x\noutcome=completed id=1\r\u001b[31m\u202e\"\\";
    JobType<Text> type = JobType.of(evil, Text.class).queue(evil);
    queue.handle(type, (text, job) -> job.fail("no\nmore")).start();
    JobId id = queue.enqueue(type, new Text("secret"), group(evil)).id();

    String quoted = "\"x\\noutcome=completed id=1\\r\\u001b[31m\\u202e\\\"\\\\\"";
    assertThat(line(id).text())
        .startsWith(
            "outcome=dead id="
                + id
                + " type="
                + quoted
                + " queue="
                + quoted
                + " group="
                + quoted
                + " attempt=1 ran_ms=")
        .endsWith(" reason=FAILED error=FAILED fingerprint=FAILED")
        .doesNotContain("more");
  }

  @Test
  void aJobThatIsCancelledWhileItRuns_isALineAtDebug() throws Exception {
    queue
        .handle(
            WORK,
            (text, job) -> {
              assertThat(queue.cancel(job.id())).hasSize(1);
              while (!job.cancellation().isRequested()) {
                Thread.onSpinWait();
              }
              job.cancellation().throwIfRequested();
            })
        .start();
    JobId id = queue.enqueue(WORK, new Text("secret")).id();

    LogCapture.Line line = line(id);

    assertThat(line.level()).isEqualTo(Level.DEBUG);
    assertThat(line.text())
        .startsWith("outcome=cancelled id=" + id + " type=work")
        .endsWith(" reason=CANCELLED");
  }

  @Test
  void aJobThatIsCancelledWhileItWaits_isALineOfWhoCancels() throws Exception {
    JobId id = queue.enqueue(WORK, new Text("secret"), in(Duration.ofHours(1))).id();

    assertThat(queue.cancel(id)).hasSize(1);

    LogCapture.Line line = line(id);
    assertThat(line.level()).isEqualTo(Level.DEBUG);
    assertThat(line.text()).isEqualTo("outcome=cancelled id=" + id + " reason=CANCELLED");
  }

  @Test
  void aJobThatExpires_isALineAtWarn() throws Exception {
    queue.handle(WORK, (text, job) -> {});
    Instant end = Instant.now().plusMillis(20);
    JobId id = queue.enqueue(WORK, new Text("secret"), deadline(end)).id();
    while (!Instant.now().isAfter(end.plusMillis(1))) {
      Thread.onSpinWait();
    }
    queue.start();

    LogCapture.Line line = line(id);

    assertThat(line.level()).isEqualTo(Level.WARN);
    assertThat(line.text())
        .isEqualTo("outcome=dead id=" + id + " type=work queue=default reason=EXPIRED");
  }

  @Test
  void aPoisonedJob_isALineAtWarn() throws Exception {
    JobId id = new JobId(1, 1);
    crashThreeTimes(id);
    queue.handle(WORK, (text, job) -> {}).start();

    LogCapture.Line line = line(id);

    assertThat(line.level()).isEqualTo(Level.WARN);
    assertThat(line.text())
        .isEqualTo("outcome=dead id=" + id + " type=work queue=default reason=POISON");
  }

  /** The worker died three times while it ran the job; nobody has looked since the last time. */
  private void crashThreeTimes(JobId id) {
    Instant past = Instant.now().minusSeconds(60);
    NewJob job = NewJob.builder(id, "work", "default", Bytes.utf8("{\"text\":\"secret\"}")).build();
    assertThat(storage.enqueue(new CallId(1, 1), List.of(job), past)).hasSize(1);
    for (int i = 1; i <= 3; i++) {
      Instant now = past.plusSeconds(i);
      DequeueRequest request =
          new DequeueRequest(
              "dead", 7, now.plusMillis(1), List.of(new Demand("default", 1)), 1, 1_000, false, 0);
      LeasedJob leased = storage.dequeue(new CallId(1, 1 + i), request, now).jobs().get(0);
      LeaseUse started = new LeaseUse(leased.lease(), true);
      assertThat(storage.extend(List.of(started), now.plusMillis(2), now)).hasSize(1);
      if (i < 3) {
        assertThat(storage.maintain(100, now.plusMillis(500)).ended()).isEmpty();
      }
    }
  }
}
