package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Dependencies;
import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Administration;
import dev.noria.storage.Administration.ChangeReceipt;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replay (C2.5). */
abstract class C2ReplayRules extends CapabilityRules<Administration> {
  private static final JobKey KEY = new JobKey("k", KeyPolicy.whileUnfinished());

  private Stage stage;

  C2ReplayRules() {
    super(Administration.class);
  }

  @BeforeEach
  final void setStage() {
    stage = new Stage(rig());
  }

  private ChangeStatus replay(JobId id) {
    List<ChangeReceipt> receipts = capability().replay(List.of(id), rig().now());
    assertThat(receipts).extracting(ChangeReceipt::id).containsExactly(id);
    return receipts.get(0).status();
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "DEAD", "CANCELLED"})
  void c2_5_aFinishedJobStartsANewGeneration(JobState state) {
    NewJob job = stage.in(state);
    StoredJob before = rig().stored(job.id());
    Instant now = rig().time.advance(Duration.ofSeconds(9));
    assertThat(replay(job.id())).isEqualTo(ChangeStatus.APPLIED);
    StoredJob after = rig().stored(job.id());
    JobStatus status = after.status();
    assertThat(status.state()).isEqualTo(JobState.READY);
    assertThat(status.generation()).isEqualTo(1);
    assertThat(status.attempt()).isZero();
    assertThat(status.crashes()).isZero();
    assertThat(status.cancelRequested()).isFalse();
    assertThat(status.finishedAt()).isNull();
    assertThat(status.dueAt()).isEqualTo(now);
    assertThat(status.epoch()).isEqualTo(before.status().epoch());
    assertThat(after.result()).isNull();
    assertThat(after.history()).isEqualTo(before.history());
    assertThat(after.job().payload()).isEqualTo(job.payload());
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "DEAD", "CANCELLED"})
  void c2_5_aReplayedJobRunsAsIfItWereNew(JobState state) {
    NewJob job = stage.in(state);
    long epoch = rig().stored(job.id()).status().epoch();
    Instant now = rig().time.advance(Duration.ofSeconds(9));
    replay(job.id());
    rig().time.advance(Duration.ofSeconds(1));
    LeasedJob leased = rig().dequeueOne();
    assertThat(leased.generation()).isEqualTo(1);
    assertThat(leased.attempt()).isEqualTo(1);
    assertThat(leased.runAt()).isEqualTo(now);
    assertThat(leased.lease().epoch()).isGreaterThan(epoch);
    assertThat(rig().complete(leased)).isEqualTo(AckReceipt.applied(job.id()));
    assertThat(rig().state(job.id())).isEqualTo(JobState.COMPLETED);
  }

  @ParameterizedTest
  @EnumSource(names = {"BLOCKED", "SCHEDULED", "READY"})
  void c2_5_aWaitingJobIsNotFinished(JobState state) {
    NewJob job = stage.in(state);
    JobStatus before = rig().stored(job.id()).status();
    assertThat(replay(job.id())).isEqualTo(ChangeStatus.NOT_FINISHED);
    assertThat(rig().stored(job.id()).status()).isEqualTo(before);
  }

  @Test
  void c2_5_aRunningJobIsNotReplayed() {
    NewJob job = stage.in(JobState.RUNNING);
    JobStatus before = rig().stored(job.id()).status();
    assertThat(replay(job.id())).isIn(ChangeStatus.NOT_FINISHED, ChangeStatus.RUNNING);
    assertThat(rig().stored(job.id()).status()).isEqualTo(before);
  }

  @Test
  void c2_5_anUnknownJobIsUnknown() {
    assertThat(replay(rig().id())).isEqualTo(ChangeStatus.UNKNOWN);
  }

  @Test
  void c2_5_theOldLeaseOfAReplayedJobIsStale() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.retention(Stage.KEPT)));
    LeasedJob old = stage.leased(job);
    rig().complete(old);
    replay(job.id());
    assertThat(rig().complete(old)).isEqualTo(AckReceipt.stale(job.id()));
    assertThat(rig().state(job.id())).isEqualTo(JobState.READY);
    LeasedJob current = stage.leased(job);
    assertThat(rig().complete(old)).isEqualTo(AckReceipt.stale(job.id()));
    assertThat(rig().complete(current)).isEqualTo(AckReceipt.applied(job.id()));
  }

  @Test
  void c2_5_historyTellsGenerationsApart() {
    NewJob job = stage.in(JobState.DEAD);
    replay(job.id());
    rig().ack(new Ack.Dead(stage.leased(job).lease(), Rig.error("again")));
    List<FailedAttempt> history = rig().stored(job.id()).history();
    assertThat(history).extracting(FailedAttempt::generation).containsExactly(0, 1);
    assertThat(history).extracting(FailedAttempt::attempt).containsExactly(1, 1);
    replay(job.id());
    assertThat(rig().stored(job.id()).status().generation()).isEqualTo(2);
  }

  @Test
  void c2_5_crashesAndTheCancelFlagStartAnew() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.maxAttempts(2)));
    for (int i = 0; i < 2; i++) {
      stage.start(stage.leased(job));
      stage.crash();
    }
    assertThat(rig().state(job.id())).isEqualTo(JobState.DEAD);
    replay(job.id());
    assertThat(rig().stored(job.id()).status().crashes()).isZero();
    LeasedJob leased = stage.leased(job);
    assertThat(leased.crashes()).isZero();
    capability().cancel(List.of(job.id()), rig().now());
    rig().ack(new Ack.Dead(leased.lease(), Rig.error("x")));
    replay(job.id());
    assertThat(rig().stored(job.id()).status().cancelRequested()).isFalse();
    rig().ack(new Ack.Released(stage.leased(job).lease(), null, null));
    assertThat(rig().state(job.id())).isEqualTo(JobState.READY);
  }

  @Test
  void c2_5_aReplayTakesItsKeyBack() {
    NewJob job = stage.in(JobState.DEAD, builder -> builder.key(KEY));
    assertThat(replay(job.id())).isEqualTo(ChangeStatus.APPLIED);
    assertThat(rig().enqueue(rig().job(builder -> builder.key(KEY))))
        .containsExactly(EnqueueReceipt.duplicate(job.id(), JobState.READY));
  }

  @Test
  void c2_5_aTakenKeyRefusesTheReplay() {
    NewJob job = stage.in(JobState.DEAD, builder -> builder.key(KEY));
    NewJob holder = rig().enqueued(rig().job(builder -> builder.key(KEY)));
    JobStatus before = rig().stored(job.id()).status();
    assertThat(replay(job.id())).isEqualTo(ChangeStatus.KEY_TAKEN);
    assertThat(rig().stored(job.id()).status()).isEqualTo(before);
    rig().complete(stage.leased(holder));
    assertThat(replay(job.id())).isEqualTo(ChangeStatus.APPLIED);
  }

  @Test
  void c2_5_ofTwoJobsWithOneKeyOneIsReplayed() {
    JobId first = stage.in(JobState.DEAD, builder -> builder.key(KEY)).id();
    JobId second = stage.in(JobState.DEAD, builder -> builder.key(KEY)).id();
    assertThat(capability().replay(List.of(first, second), rig().now()))
        .containsExactly(
            new ChangeReceipt(first, ChangeStatus.APPLIED),
            new ChangeReceipt(second, ChangeStatus.KEY_TAKEN));
  }

  @Test
  void c2_5_aDependentOnHoldWaitsForTheReplay() {
    NewJob job = rig().enqueued(rig().job());
    NewJob dependent =
        rig()
            .enqueued(
                rig()
                    .job(
                        builder ->
                            builder
                                .queue("later")
                                .dependencies(
                                    Dependencies.on(List.of(job.id())).onFailure(OnFailure.HOLD))));
    rig().ack(new Ack.Dead(stage.leased(job).lease(), Rig.error("x")));
    stage.settle();
    assertThat(rig().state(dependent.id())).isEqualTo(JobState.BLOCKED);
    replay(job.id());
    stage.settle();
    assertThat(rig().state(dependent.id())).isEqualTo(JobState.BLOCKED);
    rig().complete(stage.leased(job));
    stage.settle();
    assertThat(rig().dequeue("later", 1)).extracting(LeasedJob::id).containsExactly(dependent.id());
  }

  @Test
  void c2_5_aReplayedJobIsNotPurgedWithItsFirstLife() {
    NewJob job = stage.in(JobState.DEAD);
    replay(job.id());
    rig().time.advance(Duration.ofHours(2));
    stage.settle();
    assertThat(rig().state(job.id())).isEqualTo(JobState.READY);
  }

  @Test
  void c2_5_ofEightReplaysAtOnceOneIsApplied() {
    for (int round = 0; round < 10; round++) {
      NewJob job = stage.in(JobState.DEAD);
      List<ChangeStatus> answers = Crew.run(8, i -> () -> replay(job.id()));
      assertThat(Collections.frequency(answers, ChangeStatus.APPLIED)).isEqualTo(1);
      assertThat(Collections.frequency(answers, ChangeStatus.NOT_FINISHED)).isEqualTo(7);
      assertThat(rig().stored(job.id()).status().generation()).isEqualTo(1);
      rig().complete(stage.leased(job));
    }
  }
}
