package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.job.Reasons;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Administration;
import dev.noria.storage.EndedJob;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases that expired (S5.1). */
abstract class S5CrashesRules extends Rules {
  private static final int MAX_CRASHES = JobStorage.MAX_CRASHES;

  private Stage stage;

  @BeforeEach
  final void setStage() {
    stage = new Stage(rig());
  }

  /** Leases the job and lets the lease expire. */
  private Maintained crash(NewJob job, boolean started) {
    LeasedJob leased = stage.leased(job);
    if (started) {
      stage.start(leased);
    }
    return stage.crash();
  }

  private JobStatus status(NewJob job) {
    return rig().stored(job.id()).status();
  }

  @Test
  void s5_1_anExpiredLeaseIsTakenBack() {
    NewJob job = rig().enqueued(rig().job());
    Maintained maintained = crash(job, false);
    assertThat(maintained.reclaimed()).containsExactly(job.id());
    assertThat(maintained.ended()).isEmpty();
    JobStatus status = status(job);
    assertThat(status.state()).isEqualTo(JobState.READY);
    assertThat(status.owner()).isNull();
    assertThat(status.leaseExpiresAt()).isNull();
    assertThat(status.finishedAt()).isNull();
    assertThat(status.epoch()).isEqualTo(1);
    assertThat(rig().maintain().reclaimed()).isEmpty();
  }

  @Test
  void s5_1_aLeaseIsNotTakenBeforeItExpires() {
    NewJob job = rig().enqueued(rig().job());
    LeasedJob leased = stage.leased(job);
    rig().time.advance(Rig.LEASE.minusMillis(1));
    assertThat(rig().maintain().reclaimed()).isEmpty();
    assertThat(rig().complete(leased)).isEqualTo(AckReceipt.applied(job.id()));
  }

  @Test
  void s5_1_anAttemptThatNeverStartedIsGivenBack() {
    NewJob job = rig().enqueued(rig().job());
    crash(job, false);
    assertThat(status(job).attempt()).isZero();
    assertThat(stage.leased(job).attempt()).isEqualTo(1);
  }

  @Test
  void s5_1_anAttemptThatStartedCounts() {
    NewJob job = rig().enqueued(rig().job());
    crash(job, true);
    assertThat(status(job).attempt()).isEqualTo(1);
    assertThat(stage.leased(job).attempt()).isEqualTo(2);
  }

  @Test
  void s5_1_theFirstCrashCountsAlways() {
    NewJob job = rig().enqueued(rig().job());
    crash(job, false);
    assertThat(status(job).crashes()).isEqualTo(1);
    assertThat(stage.leased(job).crashes()).isEqualTo(1);
  }

  @Test
  void s5_1_laterCrashesCountOnlyWhenTheLeaseWasStarted() {
    NewJob job = rig().enqueued(rig().job());
    crash(job, false);
    for (int i = 0; i < 5; i++) {
      assertThat(crash(job, false).reclaimed()).containsExactly(job.id());
      assertThat(status(job).crashes()).isEqualTo(1);
    }
    assertThat(crash(job, true).reclaimed()).containsExactly(job.id());
    assertThat(status(job).crashes()).isEqualTo(2);
    crash(job, false);
    assertThat(status(job).crashes()).isEqualTo(2);
  }

  @Test
  void s5_1_theThirdCrashIsPoison() {
    NewJob job = rig().enqueued(rig().job());
    for (int i = 1; i < MAX_CRASHES; i++) {
      assertThat(crash(job, true).reclaimed()).containsExactly(job.id());
      assertThat(status(job).crashes()).isEqualTo(i);
    }
    Maintained last = crash(job, true);
    assertThat(last.reclaimed()).isEmpty();
    assertThat(last.ended())
        .containsExactly(
            new EndedJob(job.id(), Rig.QUEUE, job.type(), JobState.DEAD, Reasons.POISON));
    JobStatus status = status(job);
    assertThat(status.state()).isEqualTo(JobState.DEAD);
    assertThat(status.reason()).isEqualTo(Reasons.POISON);
    assertThat(status.crashes()).isEqualTo(MAX_CRASHES);
    assertThat(status.finishedAt()).isEqualTo(rig().now());
    assertThat(status.owner()).isNull();
    assertThat(rig().dequeue(1)).isEmpty();
  }

  @Test
  void s5_1_neverPoisonWithoutStartedRuns() {
    NewJob job = rig().enqueued(rig().job());
    for (int i = 0; i < 3 * MAX_CRASHES; i++) {
      assertThat(crash(job, false).reclaimed()).containsExactly(job.id());
    }
    assertThat(status(job).state()).isEqualTo(JobState.READY);
  }

  @Test
  void s5_1_anAckBetweenCrashesStartsTheCountAnew() {
    NewJob job = rig().enqueued(rig().job());
    crash(job, true);
    crash(job, true);
    rig().ack(new Ack.Retry(stage.leased(job).lease(), rig().now(), Rig.error("alive")));
    assertThat(status(job).crashes()).isZero();
    assertThat(crash(job, true).reclaimed()).containsExactly(job.id());
    assertThat(status(job).crashes()).isEqualTo(1);
  }

  @Test
  void s5_1_aStartedLastAttemptIsDead() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.maxAttempts(1)));
    Maintained maintained = crash(job, true);
    assertThat(maintained.reclaimed()).isEmpty();
    assertThat(maintained.ended())
        .containsExactly(
            new EndedJob(job.id(), Rig.QUEUE, job.type(), JobState.DEAD, Reasons.ATTEMPTS));
    JobStatus status = status(job);
    assertThat(status.state()).isEqualTo(JobState.DEAD);
    assertThat(status.reason()).isEqualTo(Reasons.ATTEMPTS);
    assertThat(status.finishedAt()).isEqualTo(rig().now());
  }

  @Test
  void s5_1_aLastAttemptThatNeverStartedIsGivenBack() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.maxAttempts(1)));
    for (int i = 0; i < 3; i++) {
      assertThat(crash(job, false).reclaimed()).containsExactly(job.id());
    }
    LeasedJob leased = stage.leased(job);
    assertThat(leased.attempt()).isEqualTo(1);
    assertThat(rig().complete(leased)).isEqualTo(AckReceipt.applied(job.id()));
  }

  @Test
  void s5_1_attemptsRunOutAfterTheLastOneOnly() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.maxAttempts(2)));
    assertThat(crash(job, true).reclaimed()).containsExactly(job.id());
    assertThat(crash(job, true).ended()).extracting(EndedJob::reason).containsExactly("ATTEMPTS");
  }

  @Test
  void s5_1_poisonGoesBeforeAttempts() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.maxAttempts(MAX_CRASHES)));
    for (int i = 1; i < MAX_CRASHES; i++) {
      crash(job, true);
    }
    assertThat(crash(job, true).ended()).extracting(EndedJob::reason).containsExactly("POISON");
  }

  /** Leases the job, gives its handler up, and lets the lease expire. */
  private Maintained abandon(NewJob job) {
    LeasedJob leased = stage.leased(job);
    stage.start(leased);
    rig()
        .storage()
        .extend(List.of(LeaseUse.abandoned(leased.lease())), rig().now().plus(HOUR), rig().now());
    return stage.crash();
  }

  @Test
  void s5_1_anAbandonedRunIsAnAttemptNotACrash() {
    NewJob job = rig().enqueued(rig().job());
    for (int i = 1; i <= 2 * MAX_CRASHES; i++) {
      assertThat(abandon(job).reclaimed()).as("round " + i).containsExactly(job.id());
      JobStatus status = status(job);
      assertThat(status.attempt()).isEqualTo(i);
      assertThat(status.crashes()).isZero();
      assertThat(status.reason()).isEqualTo(Reasons.ABANDONED);
    }
  }

  @Test
  void s5_1_anAbandonedLastAttemptIsDead() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.maxAttempts(2)));
    assertThat(abandon(job).reclaimed()).containsExactly(job.id());
    assertThat(abandon(job).ended())
        .containsExactly(
            new EndedJob(job.id(), Rig.QUEUE, job.type(), JobState.DEAD, Reasons.ABANDONED));
    assertThat(status(job).reason()).isEqualTo(Reasons.ABANDONED);
  }

  @Test
  void s5_1_onceAbandonedALeaseIsExtendedNoMore() {
    NewJob job = rig().enqueued(rig().job());
    LeasedJob leased = stage.leased(job);
    rig()
        .storage()
        .extend(List.of(LeaseUse.abandoned(leased.lease())), rig().now().plus(HOUR), rig().now());
    assertThat(status(job).leaseExpiresAt()).isEqualTo(rig().now().plus(Rig.LEASE));
    assertThat(stage.crash().reclaimed()).containsExactly(job.id());
    assertThat(rig().complete(leased)).isEqualTo(AckReceipt.stale(job.id()));
  }

  @Test
  void s5_1_theNextLeaseIsANewOne() {
    NewJob job = rig().enqueued(rig().job());
    LeasedJob first = stage.leased(job);
    stage.crash();
    LeasedJob second = stage.leased(job);
    assertThat(second.lease().epoch()).isGreaterThan(first.lease().epoch());
    assertThat(rig().complete(first)).isEqualTo(AckReceipt.stale(job.id()));
    assertThat(rig().state(job.id())).isEqualTo(JobState.RUNNING);
    assertThat(rig().complete(second)).isEqualTo(AckReceipt.applied(job.id()));
  }

  @Test
  void s5_1_manyLeasesExpireEachForItself() {
    rig().enqueue(rig().jobs(300));
    List<LeasedJob> early = rig().dequeue(100);
    rig().time.advance(Duration.ofSeconds(20));
    List<LeasedJob> late = rig().dequeue(100);
    rig().time.advance(Duration.ofSeconds(11));
    assertThat(rig().maintain().reclaimed())
        .containsExactlyInAnyOrderElementsOf(early.stream().map(LeasedJob::id).toList());
    rig().time.advance(Duration.ofSeconds(20));
    assertThat(rig().maintain().reclaimed())
        .containsExactlyInAnyOrderElementsOf(late.stream().map(LeasedJob::id).toList());
    assertThat(rig().dequeue(1_000)).hasSize(300);
  }

  @Test
  void s5_1_aReclaimedHolderTakesItsFreeKeyBack() {
    NewJob job = rig().enqueued(rig().job(this::waitingKey));
    crash(job, false);
    assertThat(rig().enqueue(rig().job(this::waitingKey)))
        .containsExactly(EnqueueReceipt.duplicate(job.id(), JobState.READY));
  }

  @Test
  void s5_1_aReclaimedHolderGoesOnWithoutATakenKey() {
    NewJob job = rig().enqueued(rig().job(this::waitingKey));
    stage.leased(job);
    NewJob second = rig().enqueued(rig().job(this::waitingKey));
    assertThat(stage.crash().reclaimed()).containsExactly(job.id());
    assertThat(rig().enqueue(rig().job(this::waitingKey)))
        .containsExactly(EnqueueReceipt.duplicate(second.id(), JobState.READY));
    assertThat(rig().dequeue(10))
        .extracting(LeasedJob::id)
        .containsExactlyInAnyOrder(job.id(), second.id());
  }

  private NewJob.Builder waitingKey(NewJob.Builder job) {
    return job.key(new JobKey("k", KeyPolicy.whileWaiting()));
  }

  @Test
  void s5_1_aPoisonedJobFreesItsKeyAndItsDependents() {
    JobKey key = new JobKey("k", KeyPolicy.whileUnfinished());
    NewJob job = rig().enqueued(rig().job(builder -> builder.key(key)));
    NewJob dependent =
        rig()
            .enqueued(
                rig().job(builder -> builder.dependencies(Dependencies.on(List.of(job.id())))));
    for (int i = 0; i < MAX_CRASHES; i++) {
      crash(job, true);
    }
    stage.settle();
    JobStatus status = status(dependent);
    assertThat(status.state()).isEqualTo(JobState.CANCELLED);
    assertThat(status.reason()).isEqualTo(Reasons.DEPENDENCY);
    rig().enqueued(rig().job(builder -> builder.key(key)));
  }

  @Test
  void s5_1_aPoisonedJobWithoutRetentionVanishes() {
    Retention none = new Retention(Duration.ZERO, Duration.ZERO);
    NewJob job = rig().enqueued(rig().job(builder -> builder.maxAttempts(1).retention(none)));
    assertThat(crash(job, true).ended()).extracting(EndedJob::id).containsExactly(job.id());
    stage.settle();
    assertThat(rig().find(job.id())).isEmpty();
  }

  @Test
  void s5_1_aReclaimedJobThatShallBeCancelledIsCancelled() {
    rig().needs(Administration.class);
    NewJob job = rig().enqueued(rig().job());
    stage.leased(job);
    rig().capability(Administration.class).cancel(List.of(job.id()), rig().now());
    Maintained maintained = stage.crash();
    assertThat(maintained.reclaimed()).isEmpty();
    assertThat(maintained.ended()).extracting(EndedJob::id).containsExactly(job.id());
    assertThat(maintained.ended()).extracting(EndedJob::state).containsExactly(JobState.CANCELLED);
    assertThat(rig().state(job.id())).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void s5_1_aReclaimGivesTheRunningSlotBack() {
    rig().needs(Administration.class);
    rig()
        .capability(Administration.class)
        .setPolicy(Rig.QUEUE, QueuePolicy.UNLIMITED.withMaxRunning(2), rig().now());
    rig().enqueue(rig().jobs(5));
    assertThat(rig().dequeue(5)).hasSize(2);
    assertThat(rig().dequeue(5)).isEmpty();
    assertThat(stage.crash().reclaimed()).hasSize(2);
    assertThat(rig().dequeue(5)).hasSize(2);
    assertThat(rig().dequeue(5)).isEmpty();
  }
}
