package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.Dependencies.OnFailure;
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
import dev.noria.storage.EndedJob;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import dev.noria.storage.Registers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What time ends: deadlines, retention, keys, registers; and dependents (S5.2). */
abstract class S5ExpiryRules extends Rules {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private Stage stage;

  @BeforeEach
  final void setStage() {
    stage = new Stage(rig());
  }

  private NewJob.Builder dueIn(NewJob.Builder job, Duration deadline) {
    return job.deadline(rig().now().plus(deadline));
  }

  private NewJob dependent(OnFailure policy, List<JobId> on) {
    return rig()
        .enqueued(rig().job(job -> job.dependencies(Dependencies.on(on).onFailure(policy))));
  }

  @ParameterizedTest
  @EnumSource(names = {"BLOCKED", "SCHEDULED", "READY"})
  void s5_2_aPassedDeadlineEndsAWaitingJob(JobState state) {
    NewJob job = stage.in(state, builder -> dueIn(builder, MINUTE));
    rig().time.advance(MINUTE.minusMillis(1));
    assertThat(rig().maintain().ended()).isEmpty();
    assertThat(rig().state(job.id())).isEqualTo(state);
    rig().time.advance(Duration.ofMillis(2));
    assertThat(rig().maintain().ended())
        .containsExactly(
            new EndedJob(job.id(), Rig.QUEUE, job.type(), JobState.DEAD, Reasons.EXPIRED));
    JobStatus status = rig().stored(job.id()).status();
    assertThat(status.state()).isEqualTo(JobState.DEAD);
    assertThat(status.reason()).isEqualTo(Reasons.EXPIRED);
    assertThat(status.finishedAt()).isEqualTo(rig().now());
  }

  @Test
  void s5_2_aPassedDeadlineEndsAJobOfAPausedQueue() {
    rig().needs(Administration.class);
    NewJob job = stage.in(JobState.READY, builder -> dueIn(builder, MINUTE));
    rig().capability(Administration.class).pause(Rig.QUEUE, rig().now());
    rig().time.advance(MINUTE.plusMillis(1));
    assertThat(rig().maintain().ended()).extracting(EndedJob::id).containsExactly(job.id());
    assertThat(rig().state(job.id())).isEqualTo(JobState.DEAD);
  }

  @Test
  void s5_2_aPassedDeadlineLeavesARunningJobAlone() {
    NewJob job = stage.in(JobState.READY, builder -> dueIn(builder, Duration.ofSeconds(5)));
    LeasedJob leased = stage.leased(job);
    rig().time.advance(Duration.ofSeconds(10));
    assertThat(rig().maintain().ended()).isEmpty();
    assertThat(rig().complete(leased).isApplied()).isTrue();
  }

  @Test
  void s5_2_aDeadlineFreesTheKeyAndSettlesTheDependents() {
    JobKey key = new JobKey("k", KeyPolicy.whileUnfinished());
    NewJob job = stage.in(JobState.READY, builder -> dueIn(builder, MINUTE).key(key));
    NewJob dependent = dependent(OnFailure.CANCEL, List.of(job.id()));
    rig().time.advance(MINUTE.plusMillis(1));
    stage.settle();
    assertThat(rig().state(dependent.id())).isEqualTo(JobState.CANCELLED);
    rig().enqueued(rig().job(builder -> builder.key(key)));
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "DEAD", "CANCELLED"})
  void s5_2_aFinishedJobIsKeptForItsRetentionAndNoLonger(JobState state) {
    NewJob job = stage.in(state);
    rig().time.advance(Duration.ofHours(1).minusMillis(1));
    assertThat(rig().maintain().purged()).isEmpty();
    assertThat(rig().state(job.id())).isEqualTo(state);
    rig().time.advance(Duration.ofMillis(2));
    assertThat(rig().maintain().purged()).containsExactly(job.id());
    assertThat(rig().find(job.id())).isEmpty();
    assertThat(rig().maintain().purged()).isEmpty();
  }

  @Test
  void s5_2_completedAndFailedJobsHaveRetentionsOfTheirOwn() {
    Retention retention = new Retention(Duration.ofMinutes(10), Duration.ofMinutes(20));
    NewJob completed = stage.in(JobState.COMPLETED);
    JobId mixed = rig().enqueued(rig().job(job -> job.retention(retention))).id();
    LeasedJob done = rig().dequeueOne();
    assertThat(done.id()).isEqualTo(mixed);
    rig().complete(done);
    JobId failed = rig().enqueued(rig().job(job -> job.retention(retention))).id();
    rig().ack(new Ack.Dead(rig().dequeueOne().lease(), Rig.error("x")));
    rig().time.advance(Duration.ofMinutes(10).plusMillis(1));
    assertThat(rig().maintain().purged()).containsExactly(mixed);
    rig().time.advance(Duration.ofMinutes(10));
    assertThat(rig().maintain().purged()).containsExactly(failed);
    assertThat(rig().state(completed.id())).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void s5_2_theRetentionOfAResultIsTheAcks() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.retention(Stage.KEPT)));
    LeasedJob leased = stage.leased(job);
    rig().ack(new Ack.Completed(leased.lease(), Bytes.utf8("r"), Duration.ofMinutes(5), List.of()));
    rig().time.advance(Duration.ofMinutes(5).minusMillis(1));
    assertThat(rig().maintain().purged()).isEmpty();
    rig().time.advance(Duration.ofMillis(2));
    assertThat(rig().maintain().purged()).containsExactly(job.id());
  }

  @Test
  void s5_2_anExpiredJobIsKeptFromItsEndOn() {
    NewJob job = stage.in(JobState.READY, builder -> dueIn(builder, MINUTE));
    rig().time.advance(Duration.ofHours(3));
    rig().maintain();
    rig().time.advance(Duration.ofMinutes(59));
    assertThat(rig().maintain().purged()).isEmpty();
    rig().time.advance(Duration.ofMinutes(2));
    assertThat(rig().maintain().purged()).containsExactly(job.id());
  }

  @Test
  void s5_2_aJobThatSomebodyDependsOnOutlivesItsRetention() {
    NewJob first = stage.in(JobState.COMPLETED);
    NewJob other = rig().enqueued(rig().job(job -> job.queue("other")));
    NewJob dependent = dependent(OnFailure.CANCEL, List.of(first.id(), other.id()));
    rig().time.advance(Duration.ofHours(5));
    stage.settle();
    assertThat(rig().state(first.id())).isEqualTo(JobState.COMPLETED);
    assertThat(rig().state(dependent.id())).isEqualTo(JobState.BLOCKED);
    rig().complete(rig().dequeue("other", 1).get(0));
    stage.settle();
    assertThat(rig().state(dependent.id())).isEqualTo(JobState.READY);
    rig().time.advance(Duration.ofHours(5));
    stage.settle();
    assertThat(rig().find(first.id())).isEmpty();
  }

  @Test
  void s5_2_aKeyUntilPurgedEndsWithTheRetention() {
    JobKey key = new JobKey("k", KeyPolicy.untilPurged());
    NewJob job = stage.in(JobState.COMPLETED, builder -> builder.key(key));
    rig().time.advance(Duration.ofMinutes(59));
    rig().maintain();
    assertThat(rig().enqueue(rig().job(builder -> builder.key(key).retention(Stage.KEPT))))
        .containsExactly(EnqueueReceipt.duplicate(job.id(), JobState.COMPLETED));
    rig().time.advance(Duration.ofMinutes(2));
    rig().maintain();
    rig().enqueued(rig().job(builder -> builder.key(key).retention(Stage.KEPT)));
  }

  @Test
  void s5_2_aWindowKeyEndsWithItsWindowAndOutlivesItsJob() {
    JobKey key = new JobKey("k", KeyPolicy.forWindow(MINUTE));
    NewJob job = rig().enqueued(rig().job(builder -> builder.key(key)));
    rig().complete(stage.leased(job));
    rig().time.advance(MINUTE.minusMillis(1));
    stage.settle();
    assertThat(rig().find(job.id())).isEmpty();
    EnqueueReceipt receipt = rig().enqueue(rig().job(builder -> builder.key(key))).get(0);
    assertThat(receipt.status()).isEqualTo(EnqueueReceipt.Status.DUPLICATE);
    assertThat(receipt.id()).isEqualTo(job.id());
    rig().time.advance(Duration.ofMillis(2));
    stage.settle();
    rig().enqueued(rig().job(builder -> builder.key(key)));
  }

  @Test
  void s5_2_aKeyOfAnUnfinishedJobNeverExpires() {
    JobKey key = new JobKey("k", KeyPolicy.whileUnfinished());
    NewJob job = stage.in(JobState.READY, builder -> builder.key(key));
    rig().time.advance(Duration.ofDays(3_000));
    stage.settle();
    assertThat(rig().enqueue(rig().job(builder -> builder.key(key))))
        .containsExactly(EnqueueReceipt.duplicate(job.id(), JobState.READY));
  }

  @Test
  void s5_2_anExpiredRegisterIsDropped() {
    rig().needs(Registers.class);
    Registers registers = rig().capability(Registers.class);
    registers.compareAndSet("r", 0, Bytes.EMPTY, rig().now().plus(MINUTE), rig().now());
    registers.compareAndSet("kept", 0, Bytes.EMPTY, null, rig().now());
    rig().time.advance(MINUTE.plusMillis(1));
    stage.settle();
    assertThat(registers.get("r", rig().now())).isEmpty();
    assertThat(registers.get("kept", rig().now())).isPresent();
    assertThat(registers.list("", null, 10, rig().now()))
        .extracting(Registers.Register::name)
        .containsExactly("kept");
  }

  @Test
  void s5_2_allDependentsOfOneJobAreReleased() {
    NewJob first = rig().enqueued(rig().job(job -> job.queue("first")));
    List<NewJob> dependents = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      dependents.add(rig().job(job -> job.dependencies(Dependencies.on(List.of(first.id())))));
    }
    assertThat(rig().enqueue(dependents)).allMatch(EnqueueReceipt::isEnqueued);
    assertThat(rig().dequeue(1)).isEmpty();
    rig().complete(rig().dequeue("first", 1).get(0));
    stage.settle();
    assertThat(rig().dequeue(5_000))
        .extracting(LeasedJob::id)
        .containsExactlyInAnyOrderElementsOf(dependents.stream().map(NewJob::id).toList());
  }

  @Test
  void s5_2_aChainOfDependentsIsCancelledToItsEnd() {
    NewJob first = stage.in(JobState.READY, builder -> dueIn(builder, MINUTE));
    List<JobId> chain = new ArrayList<>(List.of(first.id()));
    for (int i = 0; i < 40; i++) {
      chain.add(dependent(OnFailure.CANCEL, List.of(chain.get(i))).id());
    }
    rig().time.advance(MINUTE.plusMillis(1));
    List<JobId> ended =
        stage.settle().stream()
            .map(Maintained::ended)
            .flatMap(List::stream)
            .map(EndedJob::id)
            .toList();
    assertThat(ended).containsExactlyInAnyOrderElementsOf(chain);
    assertThat(chain.subList(1, chain.size()))
        .allSatisfy(id -> assertThat(rig().state(id)).isEqualTo(JobState.CANCELLED));
  }

  @Test
  void s5_2_aDependentThatIgnoresFailuresIsReleased() {
    NewJob first = stage.in(JobState.READY, builder -> dueIn(builder, MINUTE));
    NewJob ignores = dependent(OnFailure.IGNORE, List.of(first.id()));
    NewJob holds = dependent(OnFailure.HOLD, List.of(first.id()));
    rig().time.advance(MINUTE.plusMillis(1));
    List<JobId> released =
        stage.settle().stream().map(Maintained::released).flatMap(List::stream).toList();
    assertThat(released).isSubsetOf(ignores.id());
    assertThat(rig().state(ignores.id())).isEqualTo(JobState.READY);
    assertThat(rig().state(holds.id())).isEqualTo(JobState.BLOCKED);
    assertThat(rig().dequeue(10)).extracting(LeasedJob::id).containsExactly(ignores.id());
  }
}
