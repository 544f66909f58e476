package dev.noria.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.Outcome;
import dev.noria.job.Retention;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordedTest {
  private final Recorded recorded = new Recorded();

  private static LeasedJob job(int number) {
    return new LeasedJob(
        new Lease(new JobId(0, number), 1, 7, Bytes.EMPTY),
        "t",
        "q",
        Bytes.EMPTY,
        Map.of(),
        1,
        0,
        0,
        0,
        0,
        null,
        null,
        Instant.EPOCH,
        Instant.EPOCH,
        null,
        null,
        Retention.NO_RESULT,
        false);
  }

  private void add(int number, Outcome outcome) {
    recorded.add(job(number), outcome, SpanContext.getInvalid());
  }

  @Test
  void attemptsThatAreNeverAcked_doNotGather() {
    for (int i = 0; i < 50_000; i++) {
      add(i, Outcome.Completed.VOID);
    }
    assertThat(recorded.size()).isBetween(1, 10_000);
  }

  @Test
  void attemptsWithoutAnAck_areNotKept() {
    add(1, new Outcome.Lost());
    add(2, new Outcome.Acked());
    assertThat(recorded.isEmpty()).isTrue();
  }

  @Test
  void anAttempt_isKeptUntilItIsRemoved() {
    add(1, Outcome.Completed.VOID);
    assertThat(recorded.find(new JobId(0, 1))).isNotNull();
    recorded.remove(new JobId(0, 1));
    assertThat(recorded.isEmpty()).isTrue();
  }
}
