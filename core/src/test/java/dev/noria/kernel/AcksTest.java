package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Outcome;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AcksTest {
  private final Acks acks = new Acks(new Payloads(new JsonCodec(), List.of()));

  private static Lease lease(int number) {
    return new Lease(new JobId(0, number), 1, 7, Bytes.EMPTY);
  }

  private void add(Ack ack) {
    LeasedJob job =
        new LeasedJob(
            ack.lease(),
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
    acks.add(new Done(job, ack, Outcome.Kind.COMPLETED, 0));
  }

  private List<Ack> drain(int most, long bytes) {
    return acks.drain(most, bytes).stream().map(Done::ack).toList();
  }

  @Test
  void drain_takesTheOldestUpToTheCount() {
    List<Ack> all = List.of(completed(1, 0), completed(2, 0), completed(3, 0));
    all.forEach(this::add);

    assertThat(drain(2, 1_000)).containsExactly(all.get(0), all.get(1));
    assertThat(acks.size()).isOne();
    assertThat(drain(2, 1_000)).containsExactly(all.get(2));
  }

  @Test
  void drain_takesNoMoreBytesThanFit_butAlwaysOne() {
    Ack large = completed(1, 900);
    Ack error = new Ack.Dead(lease(2), new ErrorInfo("t", "f", "x".repeat(100), "y".repeat(500)));
    NewJob next = NewJob.builder(new JobId(0, 9), "t", "q", Bytes.owned(new byte[300])).build();
    Ack following = new Ack.Completed(lease(3), null, null, List.of(next));
    Ack huge = completed(4, 5_000);
    List.of(large, error, following, huge).forEach(this::add);

    assertThat(drain(10, 1_000)).containsExactly(large);
    assertThat(drain(10, 1_000)).containsExactly(error, following);
    assertThat(drain(10, 1_000)).containsExactly(huge);
    assertThat(drain(10, 1_000)).isEmpty();
  }

  private static Ack completed(int number, int bytes) {
    return new Ack.Completed(lease(number), Bytes.owned(new byte[bytes]), null, List.of());
  }
}
