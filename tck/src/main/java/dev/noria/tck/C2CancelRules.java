package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.Administration.ChangeReceipt;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.storage.Inspection;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cancel and delete (C2.1, C2.2). */
abstract class C2CancelRules extends CapabilityRules<Administration> {
  private static final JobKey KEY = new JobKey("k", KeyPolicy.whileUnfinished());

  private Stage stage;

  C2CancelRules() {
    super(Administration.class);
  }

  @BeforeEach
  final void setStage() {
    stage = new Stage(rig());
  }

  private ChangeStatus cancel(JobId id) {
    return status(id, capability().cancel(List.of(id), rig().now()));
  }

  private ChangeStatus delete(JobId id) {
    return status(id, capability().delete(List.of(id), rig().now()));
  }

  private static ChangeStatus status(JobId id, List<ChangeReceipt> receipts) {
    assertThat(receipts).extracting(ChangeReceipt::id).containsExactly(id);
    return receipts.get(0).status();
  }

  private NewJob dependentOn(NewJob job) {
    return rig()
        .enqueued(rig().job(builder -> builder.dependencies(Dependencies.on(List.of(job.id())))));
  }

  @ParameterizedTest
  @EnumSource(names = {"BLOCKED", "SCHEDULED", "READY"})
  void c2_1_aWaitingJobIsCancelled(JobState state) {
    NewJob job = stage.in(state);
    rig().time.advance(Duration.ofSeconds(5));
    assertThat(cancel(job.id())).isEqualTo(ChangeStatus.APPLIED);
    JobStatus status = rig().stored(job.id()).status();
    assertThat(status.state()).isEqualTo(JobState.CANCELLED);
    assertThat(status.reason()).isEqualTo(Reasons.CANCELLED);
    assertThat(status.finishedAt()).isEqualTo(rig().now());
    rig().time.advance(Duration.ofMinutes(59));
    stage.settle();
    assertThat(rig().dequeue(10)).isEmpty();
    assertThat(rig().state(job.id())).isEqualTo(JobState.CANCELLED);
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "DEAD", "CANCELLED"})
  void c2_1_aFinishedJobStaysAsItIs(JobState state) {
    NewJob job = stage.in(state);
    JobStatus before = rig().stored(job.id()).status();
    assertThat(cancel(job.id())).isEqualTo(ChangeStatus.ALREADY_FINISHED);
    assertThat(rig().stored(job.id()).status()).isEqualTo(before);
  }

  @Test
  void c2_1_aRunningJobGetsARequest() {
    NewJob job = stage.in(JobState.RUNNING);
    assertThat(cancel(job.id())).isEqualTo(ChangeStatus.REQUESTED);
    assertThat(cancel(job.id())).isEqualTo(ChangeStatus.REQUESTED);
    JobStatus status = rig().stored(job.id()).status();
    assertThat(status.state()).isEqualTo(JobState.RUNNING);
    assertThat(status.cancelRequested()).isTrue();
  }

  @Test
  void c2_1_anUnknownJobIsUnknown() {
    assertThat(cancel(rig().id())).isEqualTo(ChangeStatus.UNKNOWN);
    assertThat(capability().cancel(List.of(), rig().now())).isEmpty();
  }

  @Test
  void c2_1_receiptsAreInRequestOrder() {
    JobId running = stage.in(JobState.RUNNING).id();
    JobId ready = stage.in(JobState.READY).id();
    JobId dead = stage.in(JobState.DEAD).id();
    JobId unknown = rig().id();
    assertThat(capability().cancel(List.of(unknown, dead, ready, running), rig().now()))
        .containsExactly(
            new ChangeReceipt(unknown, ChangeStatus.UNKNOWN),
            new ChangeReceipt(dead, ChangeStatus.ALREADY_FINISHED),
            new ChangeReceipt(ready, ChangeStatus.APPLIED),
            new ChangeReceipt(running, ChangeStatus.REQUESTED));
  }

  @Test
  void c2_1_aRequestedCancelLetsTheEndOfTheAttemptStand() {
    LeasedJob done = leasedAndRequested();
    rig().complete(done);
    assertThat(rig().state(done.id())).isEqualTo(JobState.COMPLETED);
    LeasedJob failed = leasedAndRequested();
    rig().ack(new Ack.Dead(failed.lease(), Rig.error("x")));
    assertThat(rig().state(failed.id())).isEqualTo(JobState.DEAD);
  }

  @Test
  void c2_1_aRequestedCancelEndsAJobThatWouldWaitAgain() {
    LeasedJob retried = leasedAndRequested();
    rig().ack(new Ack.Retry(retried.lease(), rig().now(), Rig.error("x")));
    assertThat(rig().state(retried.id())).isEqualTo(JobState.CANCELLED);
    LeasedJob released = leasedAndRequested();
    rig().ack(new Ack.Released(released.lease(), null, null));
    assertThat(rig().state(released.id())).isEqualTo(JobState.CANCELLED);
    assertThat(rig().dequeue(10)).isEmpty();
  }

  private LeasedJob leasedAndRequested() {
    rig().enqueued(rig().job(job -> job.retention(Stage.KEPT)));
    LeasedJob leased = rig().dequeueOne();
    assertThat(cancel(leased.id())).isEqualTo(ChangeStatus.REQUESTED);
    return leased;
  }

  @Test
  void c2_1_aCancelledJobWithoutRetentionVanishes() {
    Retention none = new Retention(Duration.ZERO, Duration.ZERO);
    NewJob job = rig().enqueued(rig().job(builder -> builder.retention(none)));
    assertThat(cancel(job.id())).isEqualTo(ChangeStatus.APPLIED);
    stage.settle();
    assertThat(rig().find(job.id())).isEmpty();
  }

  @Test
  void c2_1_aCancelledJobFreesItsKeyAndSettlesItsDependents() {
    NewJob job = stage.in(JobState.READY, builder -> builder.key(KEY));
    NewJob dependent = dependentOn(job);
    NewJob last = dependentOn(dependent);
    cancel(job.id());
    stage.settle();
    for (NewJob each : List.of(dependent, last)) {
      JobStatus status = rig().stored(each.id()).status();
      assertThat(status.state()).isEqualTo(JobState.CANCELLED);
      assertThat(status.reason()).isEqualTo(Reasons.DEPENDENCY);
    }
    rig().enqueued(rig().job(builder -> builder.key(KEY)));
  }

  @Test
  void c2_1_aCancelAndADequeueNeverBothWin() {
    for (int round = 0; round < 10; round++) {
      List<NewJob> jobs = rig().jobs(30);
      rig().enqueue(jobs);
      List<JobId> ids = jobs.stream().map(NewJob::id).toList();
      Rig.Client client = rig().client();
      Callable<Set<JobId>> canceller =
          () ->
              ids.stream()
                  .filter(id -> cancel(id) == ChangeStatus.APPLIED)
                  .collect(Collectors.toSet());
      Callable<Set<JobId>> taker =
          () -> {
            List<LeasedJob> taken = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
              taken.addAll(client.dequeue(Rig.QUEUE, 2));
            }
            return taken.stream().map(LeasedJob::id).collect(Collectors.toSet());
          };
      List<Set<JobId>> won = Crew.run(List.of(canceller, taker));
      assertThat(Collections.disjoint(won.get(0), won.get(1))).as("either " + won).isTrue();
      assertThat(won.get(0).size() + won.get(1).size()).isEqualTo(30);
      assertThat(rig().dequeue(10)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RUNNING")
  void c2_2_aJobThatDoesNotRunIsDeleted(JobState state) {
    NewJob job = stage.in(state);
    assertThat(delete(job.id())).isEqualTo(ChangeStatus.APPLIED);
    assertThat(rig().find(job.id())).isEmpty();
    assertThat(rig().dequeue(10)).isEmpty();
    assertThat(delete(job.id())).isEqualTo(ChangeStatus.UNKNOWN);
  }

  @Test
  void c2_2_anIdThatIsGivenTwiceIsDeletedAndCountedOnce() {
    NewJob job = stage.in(JobState.READY);
    NewJob other = stage.in(JobState.READY);
    List<JobId> twice = List.of(job.id(), job.id());
    assertThat(capability().delete(twice, rig().now()))
        .extracting(ChangeReceipt::status)
        .containsExactly(ChangeStatus.APPLIED, ChangeStatus.UNKNOWN);
    Inspection inspection = rig().capability(Inspection.class);
    assertThat(inspection.counts(other.queue()).byState()).containsEntry(JobState.READY, 1L);
  }

  @Test
  void c2_2_aRunningJobIsNotDeleted() {
    rig().enqueued(rig().job());
    LeasedJob leased = rig().dequeueOne();
    assertThat(delete(leased.id())).isEqualTo(ChangeStatus.RUNNING);
    assertThat(rig().state(leased.id())).isEqualTo(JobState.RUNNING);
    assertThat(rig().complete(leased).isApplied()).isTrue();
  }

  @Test
  void c2_2_aDeletedJobFreesItsKeyAndItsId() {
    NewJob job = stage.in(JobState.READY, builder -> builder.key(KEY));
    delete(job.id());
    assertThat(rig().enqueue(job)).containsExactly(EnqueueReceipt.enqueued(job.id()));
    assertThat(rig().stored(job.id()).job()).isEqualTo(job);
  }

  @Test
  void c2_2_aDeletedHolderOfAKeyUntilPurgedFreesIt() {
    JobKey key = new JobKey("k", KeyPolicy.untilPurged());
    NewJob job = stage.in(JobState.COMPLETED, builder -> builder.key(key));
    delete(job.id());
    rig().enqueued(rig().job(builder -> builder.key(key).retention(Stage.KEPT)));
  }

  @Test
  void c2_2_dependentsOfADeletedJobAreSettledAsForCancelled() {
    NewJob job = stage.in(JobState.READY);
    NewJob cancelled = dependentOn(job);
    NewJob ignores =
        rig()
            .enqueued(
                rig()
                    .job(
                        builder ->
                            builder.dependencies(
                                Dependencies.on(List.of(job.id()))
                                    .onFailure(Dependencies.OnFailure.IGNORE))));
    delete(job.id());
    stage.settle();
    assertThat(rig().state(cancelled.id())).isEqualTo(JobState.CANCELLED);
    assertThat(rig().dequeueOne().id()).isEqualTo(ignores.id());
  }
}
