package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.ErrorInfo;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of attempts that failed (S3.5). */
abstract class S3HistoryRules extends Rules {

  private LeasedJob leasedBy(String worker) {
    DequeueRequest plain = rig().main().request(Rig.QUEUE, 1);
    DequeueRequest request =
        new DequeueRequest(
            worker, 7, plain.expiresAt(), plain.demands(), 1, plain.maxBytes(), false, 0);
    return rig().exchange(List.of(), request).jobs().get(0);
  }

  @Test
  void s3_5_retryAndDeadAppendToTheHistory() {
    NewJob job = rig().enqueued(rig().job());
    Instant firstStart = rig().now();
    LeasedJob first = leasedBy("worker-one");
    rig().time.advance(SECOND);
    Instant firstEnd = rig().now();
    ErrorInfo again = new ErrorInfo("java.io.IOException", "00ff", "refused ü", "at a\nat b\n");
    rig().ack(new Ack.Retry(first.lease(), rig().now(), again));
    rig().time.advance(SECOND);
    Instant secondStart = rig().now();
    LeasedJob second = leasedBy("worker-two");
    rig().time.advance(SECOND);
    rig().ack(new Ack.Dead(second.lease(), Rig.error("for good")));
    assertThat(rig().stored(job.id()).history())
        .containsExactly(
            new FailedAttempt(0, 1, again, "worker-one", firstStart, firstEnd),
            new FailedAttempt(0, 2, Rig.error("for good"), "worker-two", secondStart, rig().now()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 10, 11, 12, 30})
  void s3_5_theFirstAndTheLastNineAreKept(int failures) {
    NewJob job = rig().enqueued(rig().job());
    for (int i = 1; i <= failures; i++) {
      LeasedJob held = rig().dequeueOne();
      assertThat(held.attempt()).isEqualTo(i);
      rig().ack(new Ack.Retry(held.lease(), rig().now(), Rig.error("failure " + i)));
    }
    List<Integer> expected = new ArrayList<>(List.of(1));
    IntStream.rangeClosed(Math.max(2, failures - 8), failures).forEach(expected::add);
    List<FailedAttempt> history = rig().stored(job.id()).history();
    assertThat(history).extracting(FailedAttempt::attempt).isEqualTo(expected);
    assertThat(history)
        .extracting(entry -> entry.error().message())
        .isEqualTo(expected.stream().map(i -> "failure " + i).toList());
  }

  @Test
  void s3_5_theLastFailureCountsToo() {
    NewJob job = rig().enqueued(rig().job());
    for (int i = 0; i < 14; i++) {
      rig().retry(rig().dequeueOne(), rig().now());
    }
    rig().kill(rig().dequeueOne());
    List<FailedAttempt> history = rig().stored(job.id()).history();
    assertThat(history).hasSize(FailedAttempt.KEPT);
    assertThat(history.get(0).attempt()).isEqualTo(1);
    assertThat(history.get(9).attempt()).isEqualTo(15);
    assertThat(history.get(9).error()).isEqualTo(Rig.error("for good"));
  }

  @Test
  void s3_5_otherAcksAppendNothing() {
    NewJob job = rig().enqueued(rig().job(b -> b.retention(Stage.KEPT)));
    rig().release(rig().dequeueOne());
    rig().ack(new Ack.Cancelled(rig().dequeueOne().lease(), "stop"));
    assertThat(rig().state(job.id())).isEqualTo(JobState.CANCELLED);
    assertThat(rig().stored(job.id()).history()).isEmpty();
  }

  @Test
  void s3_5_aSuccessKeepsTheFailuresBeforeIt() {
    NewJob job = rig().enqueued(rig().job(b -> b.retention(Stage.KEPT)));
    rig().retry(rig().dequeueOne(), rig().now());
    rig().complete(rig().dequeueOne());
    assertThat(rig().stored(job.id()).history()).hasSize(1);
  }

  @Test
  void s3_5_aReplayKeepsTheHistoryAndCountsGenerations() {
    NewJob job = rig().enqueued(rig().job());
    rig().kill(rig().dequeueOne());
    admin().replay(List.of(job.id()), rig().now());
    rig().kill(rig().dequeueOne());
    assertThat(rig().stored(job.id()).history())
        .extracting(FailedAttempt::generation)
        .containsExactly(0, 1);
    assertThat(rig().stored(job.id()).history())
        .extracting(FailedAttempt::attempt)
        .containsExactly(1, 1);
  }

  @Test
  void s3_5_oddTextsComeBack() {
    String odd = "'\"\\ \u0001\u001f {} %s $1 🦊 \u2028 é e\u0301 \r\n\t'; --";
    ErrorInfo error = new ErrorInfo("a.b.C$1", odd, odd, odd);
    NewJob job = rig().enqueued(rig().job());
    rig().ack(new Ack.Dead(rig().dequeueOne().lease(), error));
    assertThat(rig().stored(job.id()).history().get(0).error()).isEqualTo(error);
    NewJob empty = rig().enqueued(rig().job());
    ErrorInfo nothing = new ErrorInfo("", "", "", "");
    rig().ack(new Ack.Retry(rig().dequeueOne().lease(), rig().now(), nothing));
    assertThat(rig().stored(empty.id()).history().get(0).error()).isEqualTo(nothing);
  }
}
