package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How leases end (S3.1, S3.3, S3.6–S3.8). */
abstract class S3AckRules extends Rules {

  private NewJob kept() {
    return rig().enqueued(rig().job(job -> job.retention(Stage.KEPT)));
  }

  private LeasedJob leased() {
    kept();
    return rig().dequeueOne();
  }

  private static void nobodyHolds(JobStatus status) {
    assertThat(status.owner()).isNull();
    assertThat(status.leaseExpiresAt()).isNull();
  }

  private static JobState after(Ack.Kind kind) {
    return switch (kind) {
      case COMPLETED -> JobState.COMPLETED;
      case RETRY -> JobState.SCHEDULED;
      case DEAD -> JobState.DEAD;
      case RELEASED -> JobState.READY;
      case CANCELLED -> JobState.CANCELLED;
    };
  }

  private Ack ack(Ack.Kind kind, LeasedJob job) {
    return switch (kind) {
      case COMPLETED -> new Ack.Completed(job.lease());
      case RETRY -> new Ack.Retry(job.lease(), rig().now().plusSeconds(1), Rig.error("again"));
      case DEAD -> new Ack.Dead(job.lease(), Rig.error("end"));
      case RELEASED -> new Ack.Released(job.lease(), null, "released");
      case CANCELLED -> new Ack.Cancelled(job.lease(), "cancelled");
    };
  }

  @Test
  void s3_1_completed() {
    LeasedJob job = leased();
    rig().time.advance(SECOND);
    Bytes result = Bytes.utf8("result");
    AckReceipt receipt = rig().ack(new Ack.Completed(job.lease(), result, null, List.of()));
    assertThat(receipt).isEqualTo(AckReceipt.applied(job.id()));
    StoredJob stored = rig().stored(job.id());
    assertThat(stored.state()).isEqualTo(JobState.COMPLETED);
    assertThat(stored.result()).isEqualTo(result);
    assertThat(stored.status().finishedAt()).isEqualTo(rig().now());
    assertThat(stored.status().attempt()).isEqualTo(1);
    assertThat(stored.status().reason()).isNull();
    assertThat(stored.history()).isEmpty();
    nobodyHolds(stored.status());
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s3_1_dead() {
    LeasedJob job = leased();
    rig().time.advance(SECOND);
    assertThat(rig().kill(job).isApplied()).isTrue();
    StoredJob stored = rig().stored(job.id());
    assertThat(stored.state()).isEqualTo(JobState.DEAD);
    assertThat(stored.status().reason()).isEqualTo(Reasons.FAILED);
    assertThat(stored.status().finishedAt()).isEqualTo(rig().now());
    assertThat(stored.job().payload()).isEqualTo(Bytes.utf8("payload"));
    nobodyHolds(stored.status());
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s3_1_cancelled() {
    LeasedJob job = leased();
    String reason = "the user said 'stop' 🛑";
    assertThat(rig().ack(new Ack.Cancelled(job.lease(), reason)).isApplied()).isTrue();
    StoredJob stored = rig().stored(job.id());
    assertThat(stored.state()).isEqualTo(JobState.CANCELLED);
    assertThat(stored.status().reason()).isEqualTo(reason);
    assertThat(stored.status().finishedAt()).isEqualTo(rig().now());
    nobodyHolds(stored.status());
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s3_1_retryLater() {
    LeasedJob job = leased();
    Instant at = rig().now().plusSeconds(30);
    assertThat(rig().retry(job, at).isApplied()).isTrue();
    StoredJob stored = rig().stored(job.id());
    assertThat(stored.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(stored.status().dueAt()).isEqualTo(at);
    assertThat(stored.status().attempt()).isEqualTo(1);
    assertThat(stored.status().finishedAt()).isNull();
    nobodyHolds(stored.status());
    rig().time.advance(SECOND.multipliedBy(30).minusMillis(1));
    assertThat(rig().dequeue(10)).isEmpty();
    rig().time.advance(SECOND.dividedBy(1_000));
    LeasedJob again = rig().dequeueOne();
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.runAt()).as("retries do not move it").isEqualTo(job.runAt());
    assertThat(again.enqueuedAt()).isEqualTo(job.enqueuedAt());
  }

  @ParameterizedTest
  @ValueSource(longs = {-3_600_000, -1, 0})
  void s3_1_retryAtOnce(long millis) {
    LeasedJob job = leased();
    rig().time.advance(HOUR);
    assertThat(rig().retry(job, rig().now().plusMillis(millis)).isApplied()).isTrue();
    assertThat(rig().state(job.id())).isEqualTo(JobState.READY);
    assertThat(rig().dequeueOne().attempt()).isEqualTo(2);
  }

  @Test
  void s3_1_theStorageItselfCountsNoAttempts() {
    rig().enqueued(rig().job(job -> job.maxAttempts(1)));
    LeasedJob job = rig().dequeueOne();
    assertThat(job.maxAttempts()).isEqualTo(1);
    rig().retry(job, rig().now());
    assertThat(rig().dequeueOne().attempt()).isEqualTo(2);
  }

  @Test
  void s3_1_acksOfManyKindsTravelTogether() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      jobs.add(rig().job(job -> job.retention(Stage.KEPT)));
    }
    rig().enqueue(jobs);
    List<LeasedJob> held = rig().dequeue(100);
    List<Ack.Kind> kinds = List.of(Ack.Kind.values());
    List<Ack> acks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      acks.add(ack(kinds.get(i % kinds.size()), held.get(i)));
    }
    assertThat(rig().main().ack(acks))
        .isEqualTo(held.stream().map(job -> AckReceipt.applied(job.id())).toList());
    for (Ack ack : acks) {
      assertThat(rig().state(ack.lease().id())).isEqualTo(after(ack.kind()));
    }
  }

  @Test
  void s3_1_leasesOfSeveralWorkersAndQueuesMayBeAckedInOneCall() {
    rig().enqueue(rig().job("a"), rig().job("b"));
    LeasedJob mine = rig().dequeue("a", 1).get(0);
    LeasedJob theirs = rig().client().dequeue("b", 1).get(0);
    List<Ack> acks = List.of(new Ack.Completed(theirs.lease()), new Ack.Completed(mine.lease()));
    assertThat(rig().client().ack(acks)).allMatch(AckReceipt::isApplied);
  }

  @Test
  void s3_1_acksComeBeforeTheDequeueOfTheirExchange() {
    rig().enqueued(rig().job());
    LeasedJob held = rig().dequeueOne();
    DequeueRequest request = rig().main().request(Rig.QUEUE, 5);
    Exchange exchange =
        rig().exchange(List.of(new Ack.Retry(held.lease(), rig().now(), Rig.error("x"))), request);
    assertThat(exchange.receipts()).containsExactly(AckReceipt.applied(held.id()));
    List<LeasedJob> next = new ArrayList<>(exchange.jobs());
    next.addAll(rig().dequeue(5));
    assertThat(next)
        .singleElement()
        .satisfies(
            job -> {
              assertThat(job.attempt()).isEqualTo(2);
              assertThat(job.lease().epoch()).isEqualTo(2);
            });
  }

  @Test
  void s3_1_aFullExchangeAcksAndDequeuesAThousand() {
    rig().enqueue(rig().jobs(3_000));
    List<LeasedJob> held = rig().dequeue(1_000);
    int seen = 0;
    while (!held.isEmpty()) {
      List<Ack> acks = new ArrayList<>();
      held.forEach(job -> acks.add(new Ack.Completed(job.lease())));
      Exchange next = rig().exchange(acks, rig().main().request(Rig.QUEUE, 1_000));
      assertThat(next.receipts()).hasSize(acks.size()).allMatch(AckReceipt::isApplied);
      seen += acks.size();
      held = next.jobs();
    }
    assertThat(seen).isEqualTo(3_000);
  }

  @ParameterizedTest
  @EnumSource
  void s3_3_anAckAfterExpiryIsAcceptedUntilTheLeaseIsTakenBack(Ack.Kind kind) {
    LeasedJob job = leased();
    rig().time.advance(HOUR);
    assertThat(rig().ack(ack(kind, job)).isApplied()).isTrue();
    LeasedJob other = kind == Ack.Kind.RELEASED ? rig().dequeueOne() : leased();
    assertThat(new Stage(rig()).crash().reclaimed()).containsExactly(other.id());
    assertThat(rig().ack(ack(kind, other)).isApplied()).isFalse();
  }

  @Test
  void s3_6_aReleaseGivesTheAttemptBackButNotTheEpoch() {
    kept();
    for (int i = 1; i <= 5; i++) {
      LeasedJob job = rig().dequeueOne();
      assertThat(job.attempt()).isEqualTo(1);
      assertThat(job.lease().epoch()).isEqualTo(i);
      rig().release(job);
      assertThat(rig().stored(job.id()).status().attempt()).isZero();
    }
    rig().retry(rig().dequeueOne(), rig().now());
    LeasedJob second = rig().dequeueOne();
    assertThat(second.attempt()).isEqualTo(2);
    rig().release(second);
    assertThat(rig().dequeueOne().attempt()).isEqualTo(2);
  }

  @Test
  void s3_6_aReleaseKeepsTheDueInstantAndItsReasonIsVisible() {
    Instant due = rig().now().plusSeconds(10);
    NewJob job = rig().enqueued(rig().job(b -> b.runAt(due)));
    rig().time.advance(SECOND.multipliedBy(20));
    LeasedJob held = rig().dequeueOne();
    rig().time.advance(SECOND.multipliedBy(5));
    rig().ack(new Ack.Released(held.lease(), null, Reasons.UNKNOWN_TYPE));
    StoredJob stored = rig().stored(job.id());
    assertThat(stored.state()).isEqualTo(JobState.READY);
    assertThat(stored.status().reason()).isEqualTo(Reasons.UNKNOWN_TYPE);
    assertThat(stored.job().runAt()).isEqualTo(due);
    assertThat(stored.history()).isEmpty();
    nobodyHolds(stored.status());
    assertThat(rig().dequeueOne().runAt()).isEqualTo(due);
  }

  @Test
  void s3_6_aReleaseToALaterInstantIsASnooze() {
    LeasedJob held = leased();
    Instant at = rig().now().plusSeconds(60);
    rig().ack(new Ack.Released(held.lease(), at, Reasons.SNOOZED));
    JobStatus status = rig().stored(held.id()).status();
    assertThat(status.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(status.dueAt()).isEqualTo(at);
    assertThat(status.reason()).isEqualTo(Reasons.SNOOZED);
    assertThat(status.attempt()).isZero();
    assertThat(rig().dequeue(10)).isEmpty();
    rig().time.advance(SECOND.multipliedBy(60));
    assertThat(rig().dequeueOne().attempt()).isEqualTo(1);
  }

  @Test
  void s3_6_aReleaseToAPastInstantIsDueAtOnce() {
    LeasedJob held = leased();
    rig().time.advance(HOUR);
    rig().ack(new Ack.Released(held.lease(), rig().now(), null));
    assertThat(rig().state(held.id())).isEqualTo(JobState.READY);
    assertThat(rig().dequeueOne().id()).isEqualTo(held.id());
  }

  private LeasedJob cancelRequested() {
    LeasedJob held = leased();
    admin().cancel(List.of(held.id()), rig().now());
    assertThat(rig().stored(held.id()).status().cancelRequested()).isTrue();
    return held;
  }

  @ParameterizedTest
  @EnumSource
  void s3_7_aRequestedCancelTurnsWhatGoesOnIntoCancelled(Ack.Kind kind) {
    LeasedJob held = cancelRequested();
    assertThat(rig().ack(ack(kind, held)).isApplied()).isTrue();
    JobState expected =
        switch (kind) {
          case COMPLETED -> JobState.COMPLETED;
          case DEAD -> JobState.DEAD;
          case RETRY, RELEASED, CANCELLED -> JobState.CANCELLED;
        };
    assertThat(rig().state(held.id())).isEqualTo(expected);
    assertThat(rig().dequeue(10)).isEmpty();
    rig().time.advance(SECOND.multipliedBy(2));
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s3_7_aRequestedCancelTurnsAReclaimIntoCancelled() {
    LeasedJob held = cancelRequested();
    var maintained = new Stage(rig()).crash();
    assertThat(maintained.reclaimed()).isEmpty();
    assertThat(maintained.ended())
        .singleElement()
        .satisfies(ended -> assertThat(ended.state()).isEqualTo(JobState.CANCELLED));
    assertThat(rig().state(held.id())).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void s3_7_aRetryOfACancelledJobStillTellsItsError() {
    LeasedJob held = cancelRequested();
    rig().retry(held, rig().now());
    assertThat(rig().stored(held.id()).history())
        .singleElement()
        .satisfies(entry -> assertThat(entry.error()).isEqualTo(Rig.error("again")));
  }

  private LeasedJob crashedOnce() {
    Stage stage = new Stage(rig());
    stage.start(leased());
    assertThat(stage.crash().reclaimed()).hasSize(1);
    LeasedJob again = rig().dequeueOne();
    assertThat(again.crashes()).isEqualTo(1);
    return again;
  }

  @Test
  void s3_8_aRetryResetsTheCrashCount() {
    rig().retry(crashedOnce(), rig().now());
    assertThat(rig().dequeueOne().crashes()).isZero();
  }

  @Test
  void s3_8_aReleaseKeepsTheCrashCount() {
    rig().release(crashedOnce());
    assertThat(rig().dequeueOne().crashes()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "DEAD", "CANCELLED"})
  void s3_8_anEndResetsTheCrashCount(Ack.Kind kind) {
    LeasedJob held = crashedOnce();
    rig().ack(ack(kind, held));
    assertThat(rig().stored(held.id()).status().crashes()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void s3_2_aLeaseThatEndedIsLost(Ack.Kind kind) {
    LeasedJob held = leased();
    rig().ack(ack(kind, held));
    List<LeaseUse> use = List.of(new LeaseUse(held.lease(), true));
    assertThat(rig().storage().extend(use, rig().now().plus(HOUR), rig().now()))
        .containsExactly(new ExtendReceipt(held.id(), ExtendReceipt.Status.LOST));
  }
}
