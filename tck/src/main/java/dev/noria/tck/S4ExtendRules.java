package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Administration;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.ExtendReceipt.Status;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Heartbeats (S4). */
abstract class S4ExtendRules extends Rules {

  private Status extend(Lease lease, Duration span) {
    return extend(new LeaseUse(lease, false), span);
  }

  private Status extend(LeaseUse use, Duration span) {
    List<ExtendReceipt> receipts =
        rig().storage().extend(List.of(use), rig().now().plus(span), rig().now());
    assertThat(receipts).hasSize(1);
    assertThat(receipts.get(0).id()).isEqualTo(use.lease().id());
    return receipts.get(0).status();
  }

  private LeasedJob leased() {
    rig().enqueued(rig().job(job -> job.retention(Stage.KEPT)));
    return rig().dequeueOne();
  }

  @Test
  void s4_anExtendedLeaseHoldsUntilTheNewInstant() {
    LeasedJob job = leased();
    Instant until = rig().now().plusSeconds(90);
    assertThat(extend(job.lease(), Duration.ofSeconds(90))).isEqualTo(Status.EXTENDED);
    assertThat(rig().stored(job.id()).status().leaseExpiresAt()).isEqualTo(until);
    rig().time.advance(Duration.ofSeconds(89));
    assertThat(rig().maintain().reclaimed()).isEmpty();
    assertThat(rig().dequeue(1)).isEmpty();
    assertThat(rig().complete(job)).isEqualTo(AckReceipt.applied(job.id()));
  }

  @Test
  void s4_anExtendedLeaseExpiresAtItsNewInstant() {
    LeasedJob job = leased();
    rig().time.advance(Duration.ofSeconds(10));
    assertThat(extend(job.lease(), Rig.LEASE)).isEqualTo(Status.EXTENDED);
    rig().time.advance(Rig.LEASE.minusMillis(1));
    assertThat(rig().maintain().reclaimed()).isEmpty();
    rig().time.advance(Duration.ofMillis(2));
    assertThat(rig().maintain().reclaimed()).containsExactly(job.id());
  }

  @Test
  void s4_anExtensionNeverShortens() {
    LeasedJob job = leased();
    Instant before = rig().stored(job.id()).status().leaseExpiresAt();
    assertThat(extend(job.lease(), Duration.ofSeconds(1))).isEqualTo(Status.EXTENDED);
    assertThat(rig().stored(job.id()).status().leaseExpiresAt()).isEqualTo(before);
    rig().time.advance(Rig.LEASE.minusMillis(1));
    assertThat(rig().maintain().reclaimed()).isEmpty();
    assertThat(rig().state(job.id())).isEqualTo(JobState.RUNNING);
  }

  @Test
  void s4_anExtensionChangesNothingButTheExpiry() {
    LeasedJob job = leased();
    JobStatus before = rig().stored(job.id()).status();
    extend(new LeaseUse(job.lease(), true), Duration.ofMinutes(5));
    JobStatus after = rig().stored(job.id()).status();
    assertThat(after).usingRecursiveComparison().ignoringFields("leaseExpiresAt").isEqualTo(before);
  }

  @Test
  void s4_anExpiredLeaseThatNobodyTookBackIsExtended() {
    LeasedJob job = leased();
    rig().time.advance(Rig.LEASE.plusSeconds(100));
    assertThat(extend(job.lease(), Rig.LEASE)).isEqualTo(Status.EXTENDED);
    assertThat(rig().maintain().reclaimed()).isEmpty();
    assertThat(rig().complete(job)).isEqualTo(AckReceipt.applied(job.id()));
  }

  @Test
  void s4_aReclaimedLeaseIsLost() {
    LeasedJob job = leased();
    assertThat(new Stage(rig()).crash().reclaimed()).containsExactly(job.id());
    assertThat(extend(job.lease(), Rig.LEASE)).isEqualTo(Status.LOST);
    assertThat(rig().state(job.id())).isEqualTo(JobState.READY);
    assertThat(rig().stored(job.id()).status().leaseExpiresAt()).isNull();
  }

  @Test
  void s4_theLeaseBeforeTheCurrentOneIsLost() {
    LeasedJob old = leased();
    new Stage(rig()).crash();
    LeasedJob current = rig().dequeueOne();
    Instant until = rig().stored(current.id()).status().leaseExpiresAt();
    assertThat(extend(old.lease(), Duration.ofHours(1))).isEqualTo(Status.LOST);
    assertThat(rig().stored(current.id()).status().leaseExpiresAt()).isEqualTo(until);
    assertThat(extend(current.lease(), Rig.LEASE)).isEqualTo(Status.EXTENDED);
  }

  @Test
  void s4_aLeaseOfAnotherNonceIsLost() {
    Lease lease = leased().lease();
    Lease forged = new Lease(lease.id(), lease.epoch(), lease.nonce() + 1, lease.locator());
    assertThat(extend(forged, Duration.ofHours(1))).isEqualTo(Status.LOST);
    rig().time.advance(Rig.LEASE.plusMillis(1));
    assertThat(rig().maintain().reclaimed()).containsExactly(lease.id());
  }

  @Test
  void s4_anAckedLeaseIsLost() {
    LeasedJob kept = leased();
    rig().complete(kept);
    assertThat(extend(kept.lease(), Rig.LEASE)).isEqualTo(Status.LOST);
    assertThat(rig().state(kept.id())).isEqualTo(JobState.COMPLETED);
    rig().enqueued(rig().job());
    LeasedJob vanished = rig().dequeueOne();
    rig().complete(vanished);
    assertThat(extend(vanished.lease(), Rig.LEASE)).isEqualTo(Status.LOST);
    rig().enqueued(rig().job());
    LeasedJob released = rig().dequeueOne();
    rig().ack(new Ack.Released(released.lease(), null, null));
    assertThat(extend(released.lease(), Rig.LEASE)).isEqualTo(Status.LOST);
  }

  @Test
  void s4_aLeaseOfAnUnknownJobIsLost() {
    Lease unknown = new Lease(rig().id(), 1, 1, Bytes.EMPTY);
    assertThat(extend(unknown, Rig.LEASE)).isEqualTo(Status.LOST);
  }

  @Test
  void s4_noLeasesNoReceipts() {
    assertThat(rig().storage().extend(List.of(), rig().now().plusSeconds(1), rig().now()))
        .isEmpty();
  }

  @Test
  void s4_receiptsAreInRequestOrder() {
    rig().enqueue(rig().jobs(200));
    List<LeasedJob> jobs = rig().dequeue(200);
    List<LeaseUse> uses = new ArrayList<>();
    List<ExtendReceipt> expected = new ArrayList<>();
    for (int i = jobs.size() - 1; i >= 0; i--) {
      Lease lease = jobs.get(i).lease();
      if (i % 3 == 0) {
        rig().ack(new Ack.Completed(lease));
      }
      uses.add(new LeaseUse(lease, i % 2 == 0));
      expected.add(new ExtendReceipt(lease.id(), i % 3 == 0 ? Status.LOST : Status.EXTENDED));
    }
    List<ExtendReceipt> receipts =
        rig().storage().extend(uses, rig().now().plusSeconds(60), rig().now());
    assertThat(receipts).containsExactlyElementsOf(expected);
  }

  @Test
  void s4_inALargeBatchEachLeaseIsExtendedAndNoOther() {
    int count = 2_000;
    rig().enqueue(rig().jobs(count));
    List<LeasedJob> jobs = rig().dequeue(count);
    List<LeaseUse> uses = jobs.subList(1, count).stream().map(S4ExtendRules::notStarted).toList();
    rig().storage().extend(uses, rig().now().plusSeconds(600), rig().now());
    Maintained maintained = new Stage(rig()).crash();
    assertThat(maintained.reclaimed()).containsExactly(jobs.get(0).id());
  }

  private static LeaseUse notStarted(LeasedJob job) {
    return new LeaseUse(job.lease(), false);
  }

  @Test
  void s4_aRequestedCancelIsReportedAndTheLeaseExtended() {
    rig().needs(Administration.class);
    LeasedJob job = leased();
    rig().capability(Administration.class).cancel(List.of(job.id()), rig().now());
    Instant until = rig().now().plusSeconds(300);
    assertThat(extend(job.lease(), Duration.ofMinutes(5))).isEqualTo(Status.CANCEL_REQUESTED);
    assertThat(rig().stored(job.id()).status().leaseExpiresAt()).isEqualTo(until);
    assertThat(extend(job.lease(), Duration.ofMinutes(5))).isEqualTo(Status.CANCEL_REQUESTED);
  }

  @Test
  void s4_onceStartedStaysStarted() {
    LeasedJob job = leased();
    extend(new LeaseUse(job.lease(), true), Rig.LEASE);
    extend(new LeaseUse(job.lease(), false), Rig.LEASE);
    new Stage(rig()).crash();
    assertThat(rig().stored(job.id()).status().attempt()).isEqualTo(1);
  }

  @Test
  void s4_startedBelongsToTheLeaseNotToTheJob() {
    LeasedJob first = leased();
    extend(new LeaseUse(first.lease(), true), Rig.LEASE);
    new Stage(rig()).crash();
    LeasedJob second = rig().dequeueOne();
    assertThat(second.attempt()).isEqualTo(2);
    new Stage(rig()).crash();
    JobStatus status = rig().stored(second.id()).status();
    assertThat(status.attempt()).isEqualTo(1);
    assertThat(status.crashes()).isEqualTo(1);
  }

  @Test
  void s4_aLateExtensionAndAReclaimNeverBothWin() {
    for (int round = 0; round < 50; round++) {
      rig().enqueued(rig().job(job -> job.retention(Stage.KEPT)));
      LeasedJob job = rig().dequeueOne();
      rig().time.advance(Rig.LEASE.plusMillis(1));
      List<Callable<Boolean>> both =
          List.of(
              () -> extend(job.lease(), Rig.LEASE) == Status.EXTENDED,
              () -> rig().maintain().reclaimed().contains(job.id()));
      List<Boolean> won = Crew.run(both);
      assertThat(won.get(0)).as("extended, when reclaimed is " + won).isNotEqualTo(won.get(1));
      LeasedJob last = won.get(1) ? rig().dequeueOne() : job;
      assertThat(rig().complete(last).isApplied()).isTrue();
    }
  }
}
