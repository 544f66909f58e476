package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Acks of leases that are not current change nothing (S3.2, I6). */
abstract class S3StaleRules extends Rules {

  private List<Ack> everyAck(Lease lease) {
    NewJob followUp = rig().job("follow-up");
    return List.of(
        new Ack.Completed(lease, Stage.RESULT, HOUR, List.of(followUp)),
        new Ack.Retry(lease, rig().now(), Rig.error("stale")),
        new Ack.Retry(lease, rig().now().plusSeconds(9), Rig.error("stale")),
        new Ack.Dead(lease, Rig.error("stale"), List.of(followUp)),
        new Ack.Released(lease, null, "stale"),
        new Ack.Released(lease, rig().now().plusSeconds(9), "stale"),
        new Ack.Cancelled(lease, "stale", List.of(followUp)));
  }

  /** Every kind of ack with this lease is stale and leaves the job, and everything else, alone. */
  private void changesNothing(Lease lease) {
    var before = rig().find(lease.id());
    for (Ack ack : everyAck(lease)) {
      assertThat(rig().ack(ack)).isEqualTo(AckReceipt.stale(lease.id()));
      assertThat(rig().find(lease.id())).as(ack.kind().name()).isEqualTo(before);
    }
    assertThat(rig().dequeue("follow-up", 10)).as("follow-up jobs of stale acks").isEmpty();
  }

  private LeasedJob leased() {
    rig().enqueued(rig().job(job -> job.retention(Stage.KEPT)));
    return rig().dequeueOne();
  }

  @Test
  void s3_2_aStaleAckChangesNothing() {
    LeasedJob first = leased();
    rig().retry(first, rig().now());
    LeasedJob second = rig().dequeueOne();
    changesNothing(first.lease());
    assertThat(rig().complete(second).isApplied()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {-2, -1, 1, 2, 1_000, Long.MAX_VALUE / 2})
  void s3_2_anotherEpochIsStale(long difference) {
    LeasedJob held = leased();
    Lease lease = held.lease();
    changesNothing(
        new Lease(lease.id(), lease.epoch() + difference, lease.nonce(), lease.locator()));
    assertThat(rig().complete(held).isApplied()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1, Long.MIN_VALUE, 1L << 32})
  void s3_2_anotherNonceIsStale(long difference) {
    LeasedJob held = leased();
    Lease lease = held.lease();
    changesNothing(
        new Lease(lease.id(), lease.epoch(), lease.nonce() + difference, lease.locator()));
    assertThat(rig().complete(held).isApplied()).isTrue();
  }

  @Test
  void s3_2_theLeaseOfAnotherJobIsStale() {
    rig().enqueue(rig().jobs(2));
    List<LeasedJob> held = rig().dequeue(2);
    LeasedJob moved = held.get(0);
    rig().retry(moved, rig().now());
    LeasedJob again = rig().dequeueOne();
    Lease mixed =
        new Lease(
            held.get(1).id(),
            again.lease().epoch(),
            again.lease().nonce(),
            held.get(1).lease().locator());
    changesNothing(mixed);
    assertThat(rig().complete(held.get(1)).isApplied()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void s3_2_aLeaseEndsOnce(Ack.Kind kind) {
    LeasedJob held = leased();
    List<Ack> first = new ArrayList<>(everyAck(held.lease()));
    first.removeIf(ack -> ack.kind() != kind || !ack.followUps().isEmpty());
    Ack ack =
        switch (kind) {
          case COMPLETED -> new Ack.Completed(held.lease());
          case DEAD -> new Ack.Dead(held.lease(), Rig.error("end"));
          case CANCELLED -> new Ack.Cancelled(held.lease(), "end");
          case RETRY, RELEASED -> first.get(0);
        };
    assertThat(rig().ack(ack).isApplied()).isTrue();
    changesNothing(held.lease());
  }

  @Test
  void s3_2_theAckOfAVanishedJobIsStale() {
    rig().enqueued(rig().job());
    LeasedJob held = rig().dequeueOne();
    rig().complete(held);
    assertThat(rig().find(held.id())).isEmpty();
    changesNothing(held.lease());
  }

  @Test
  void s3_2_theAckOfAJobThatNeverWasIsStale() {
    Lease lease = leased().lease();
    changesNothing(new Lease(rig().id(), lease.epoch(), lease.nonce(), lease.locator()));
  }

  @Test
  void s3_2_anAckAfterTheLeaseWasTakenBackIsStale() {
    LeasedJob held = leased();
    assertThat(new Stage(rig()).crash().reclaimed()).containsExactly(held.id());
    assertThat(rig().state(held.id())).isEqualTo(JobState.READY);
    changesNothing(held.lease());
    rig().dequeueOne();
    changesNothing(held.lease());
  }

  @Test
  void s3_2_anIdThatCameBackIsAnotherJob() {
    NewJob job = rig().enqueued(rig().job());
    LeasedJob held = rig().dequeueOne();
    rig().complete(held);
    rig().enqueued(job);
    LeasedJob again = rig().client().dequeue(Rig.QUEUE, 1).get(0);
    changesNothing(held.lease());
    assertThat(rig().complete(again).isApplied()).isTrue();
  }

  @Test
  void s3_2_staleAcksDoNotStopTheOthersOfTheirCall() {
    rig().enqueue(rig().jobs(20));
    List<LeasedJob> held = rig().dequeue(20);
    List<Ack> acks = new ArrayList<>();
    List<AckReceipt> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      if (i % 3 == 0) {
        rig().complete(held.get(i));
      }
      acks.add(new Ack.Completed(held.get(i).lease()));
      expected.add(
          i % 3 == 0 ? AckReceipt.stale(held.get(i).id()) : AckReceipt.applied(held.get(i).id()));
    }
    assertThat(rig().main().ack(acks)).isEqualTo(expected);
  }

  @Test
  void s3_2_aStaleAckInAnExchangeDoesNotStopTheDequeue() {
    LeasedJob held = leased();
    rig().complete(held);
    NewJob next = rig().enqueued(rig().job());
    var exchange =
        rig()
            .exchange(List.of(new Ack.Completed(held.lease())), rig().main().request(Rig.QUEUE, 5));
    assertThat(exchange.receipts()).containsExactly(AckReceipt.stale(held.id()));
    assertThat(leasedIds(exchange.jobs())).containsExactly(next.id());
  }

  @Test
  void s3_2_oneOfManyAcksOfALeaseWins() {
    for (int round = 0; round < 10; round++) {
      LeasedJob held = leased();
      AtomicInteger applied = new AtomicInteger();
      Crew.run(
          8,
          number ->
              () -> {
                Ack ack =
                    number % 2 == 0
                        ? new Ack.Completed(held.lease())
                        : new Ack.Dead(held.lease(), Rig.error("end"));
                if (rig().client().ack(ack).isApplied()) {
                  applied.incrementAndGet();
                }
                return number;
              });
      assertThat(applied).hasValue(1);
      StoredJob stored = rig().stored(held.id());
      assertThat(stored.state().isFinished()).isTrue();
      assertThat(stored.history()).hasSize(stored.state() == JobState.DEAD ? 1 : 0);
    }
  }

  @Test
  void s3_2_anAckAndAReclaimNeverBothWin() {
    for (int round = 0; round < 20; round++) {
      LeasedJob held = leased();
      rig().time.advance(HOUR);
      List<Boolean> won =
          Crew.run(
              2,
              number ->
                  () ->
                      number == 0
                          ? rig().client().ack(new Ack.Completed(held.lease())).isApplied()
                          : rig().maintain().reclaimed().contains(held.id()));
      assertThat(won).containsExactlyInAnyOrder(true, false);
      if (won.get(1)) {
        rig().complete(rig().dequeueOne());
      }
      assertThat(rig().dequeue(10)).isEmpty();
    }
  }
}
