package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.Retention;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueueSlotsTest {
  private final QueueSlots queue = new QueueSlots("work", 4, 1);

  private HeldJob add(long id) {
    Lease lease = new Lease(new JobId(0, id), 1, 1, Bytes.EMPTY);
    LeasedJob job =
        new LeasedJob(
            lease,
            "work",
            "work",
            Bytes.EMPTY,
            Map.of(),
            1,
            0,
            0,
            1,
            0,
            null,
            null,
            Instant.EPOCH,
            Instant.EPOCH,
            null,
            null,
            Retention.NO_RESULT,
            false);
    LeaseBatch batch = new LeaseBatch(new Holdings(), 1, 0, 0);
    HeldJob held = new HeldJob(job, queue, batch, 0);
    batch.put(0, held);
    queue.add(held);
    return held;
  }

  @Test
  void whatWentBack_isNotCountedBeforeAnybodyPrunes() {
    HeldJob first = add(1);
    HeldJob second = add(2);

    assertThat(first.giveBack()).isTrue();

    assertThat(queue.buffered()).isEqualTo(1);
    assertThat(queue.take()).isSameAs(second);
    assertThat(queue.buffered()).isZero();
  }

  @Test
  void aPrune_countsNothingTwice() {
    HeldJob first = add(1);
    HeldJob second = add(2);
    assertThat(first.giveBack()).isTrue();
    assertThat(second.giveBack()).isTrue();

    queue.prune();
    HeldJob third = add(3);

    assertThat(queue.buffered()).isEqualTo(1);
    assertThat(queue.take()).isSameAs(third);
  }
}
