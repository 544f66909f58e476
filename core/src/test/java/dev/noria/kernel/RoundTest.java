package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.Outcome;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundTest {
  private static final Lease LEASE = new Lease(new JobId(0, 1), 1, 7, Bytes.EMPTY);

  private static Done done(Ack ack, Outcome.Kind outcome) {
    LeasedJob job =
        new LeasedJob(
            LEASE,
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
    return new Done(job, ack, outcome, 0);
  }

  /** Or a worker that gives thousands back seems quick, and asks for thousands more. */
  @Test
  void attempts_doNotCountWhatGoesBack() {
    Done ended = done(new Ack.Completed(LEASE), Outcome.Kind.COMPLETED);
    Done back = done(new Ack.Released(LEASE, null, null), Outcome.Kind.RELEASED);
    DequeueRequest nothing = DequeueRequest.nothing("w", 7, Instant.EPOCH);
    Round round = new Round(new CallId(1, 1), List.of(back, ended, back), nothing);

    assertThat(round.attempts()).isEqualTo(1);
  }
}
