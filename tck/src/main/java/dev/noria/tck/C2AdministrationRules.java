package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.NewJob;
import dev.noria.storage.Administration;
import dev.noria.storage.Administration.ChangeReceipt;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changing waiting jobs: reschedule and reprioritise (C2.3, C2.4). */
abstract class C2AdministrationRules extends CapabilityRules<Administration> {
  private static final Duration HOUR = Duration.ofHours(1);

  private Stage stage;

  C2AdministrationRules() {
    super(Administration.class);
  }

  @BeforeEach
  final void setStage() {
    stage = new Stage(rig());
  }

  private ChangeStatus reschedule(JobId id, Instant dueAt) {
    return status(id, capability().reschedule(List.of(id), dueAt, rig().now()));
  }

  private ChangeStatus reprioritise(JobId id, int priority) {
    return status(id, capability().reprioritise(List.of(id), priority, rig().now()));
  }

  private static ChangeStatus status(JobId id, List<ChangeReceipt> receipts) {
    assertThat(receipts).extracting(ChangeReceipt::id).containsExactly(id);
    return receipts.get(0).status();
  }

  @ParameterizedTest
  @EnumSource(names = {"SCHEDULED", "READY"})
  void c2_3_aWaitingJobIsPutOff(JobState state) {
    NewJob job = stage.in(state);
    Instant due = rig().now().plus(HOUR.multipliedBy(3));
    assertThat(reschedule(job.id(), due)).isEqualTo(ChangeStatus.APPLIED);
    JobStatus status = rig().stored(job.id()).status();
    assertThat(status.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(status.dueAt()).isEqualTo(due);
    rig().time.advance(HOUR.multipliedBy(3).minusMillis(1));
    assertThat(rig().dequeue(10)).isEmpty();
    rig().time.advance(Duration.ofMillis(1));
    LeasedJob leased = rig().dequeueOne();
    assertThat(leased.id()).isEqualTo(job.id());
    assertThat(leased.runAt()).isEqualTo(due);
  }

  @Test
  void c2_3_aScheduledJobIsBroughtForward() {
    NewJob job = stage.in(JobState.SCHEDULED);
    Instant due = rig().now().plusSeconds(10);
    assertThat(reschedule(job.id(), due)).isEqualTo(ChangeStatus.APPLIED);
    assertThat(rig().dequeue(10)).isEmpty();
    rig().time.advance(Duration.ofSeconds(10));
    assertThat(rig().dequeueOne().id()).isEqualTo(job.id());
  }

  @Test
  void c2_3_aScheduledJobThatIsRescheduledToNowIsReady() {
    NewJob job = stage.in(JobState.SCHEDULED);
    assertThat(reschedule(job.id(), rig().now())).isEqualTo(ChangeStatus.APPLIED);
    assertThat(rig().state(job.id())).isEqualTo(JobState.READY);
    assertThat(rig().dequeueOne().id()).isEqualTo(job.id());
  }

  @Test
  void c2_3_aBlockedJobKeepsItsNewInstantForLater() {
    NewJob first = rig().enqueued(rig().job(job -> job.queue("first")));
    NewJob job =
        rig()
            .enqueued(
                rig().job(builder -> builder.dependencies(Dependencies.on(List.of(first.id())))));
    Instant due = rig().now().plus(HOUR);
    assertThat(reschedule(job.id(), due)).isEqualTo(ChangeStatus.APPLIED);
    assertThat(rig().state(job.id())).isEqualTo(JobState.BLOCKED);
    rig().complete(rig().dequeue("first", 1).get(0));
    stage.settle();
    assertThat(rig().state(job.id())).isEqualTo(JobState.SCHEDULED);
    assertThat(rig().stored(job.id()).status().dueAt()).isEqualTo(due);
    assertThat(rig().dequeue(1)).isEmpty();
    rig().time.advance(HOUR);
    assertThat(rig().dequeueOne().id()).isEqualTo(job.id());
  }

  @ParameterizedTest
  @EnumSource(names = {"RUNNING", "COMPLETED", "DEAD", "CANCELLED"})
  void c2_3_otherJobsKeepTheirInstant(JobState state) {
    NewJob job = stage.in(state);
    JobStatus before = rig().stored(job.id()).status();
    assertThat(reschedule(job.id(), rig().now().plus(HOUR))).isEqualTo(refusal(state));
    assertThat(rig().stored(job.id()).status()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(names = {"RUNNING", "COMPLETED", "DEAD", "CANCELLED"})
  void c2_4_otherJobsKeepTheirPriority(JobState state) {
    NewJob job = stage.in(state);
    int before = rig().stored(job.id()).job().priority();
    assertThat(reprioritise(job.id(), 3)).isEqualTo(refusal(state));
    assertThat(rig().stored(job.id()).job().priority()).isEqualTo(before);
  }

  private static ChangeStatus refusal(JobState state) {
    return state == JobState.RUNNING ? ChangeStatus.RUNNING : ChangeStatus.ALREADY_FINISHED;
  }

  @Test
  void c2_4_aReadyJobJumpsTheLine() {
    List<NewJob> jobs = rig().jobs(5);
    rig().enqueue(jobs);
    assertThat(reprioritise(jobs.get(3).id(), 1)).isEqualTo(ChangeStatus.APPLIED);
    assertThat(reprioritise(jobs.get(0).id(), -1)).isEqualTo(ChangeStatus.APPLIED);
    assertThat(rig().stored(jobs.get(3).id()).job().priority()).isEqualTo(1);
    assertThat(rig().dequeue(5))
        .extracting(LeasedJob::id)
        .containsExactly(
            jobs.get(3).id(),
            jobs.get(1).id(),
            jobs.get(2).id(),
            jobs.get(4).id(),
            jobs.get(0).id());
  }

  @Test
  void c2_4_aReadyJobOfAGroupJumpsItsLine() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      jobs.add(rig().job(job -> job.group("g")));
    }
    rig().enqueue(jobs);
    assertThat(reprioritise(jobs.get(2).id(), 50)).isEqualTo(ChangeStatus.APPLIED);
    LeasedJob first = rig().dequeueOne();
    assertThat(first.id()).isEqualTo(jobs.get(2).id());
    assertThat(first.priority()).isEqualTo(50);
  }

  @Test
  void c2_4_aScheduledJobHasItsNewPriorityWhenItIsDue() {
    NewJob scheduled = stage.in(JobState.SCHEDULED);
    NewJob other = rig().enqueued(rig().job(job -> job.priority(5)));
    assertThat(reprioritise(scheduled.id(), 6)).isEqualTo(ChangeStatus.APPLIED);
    assertThat(rig().state(scheduled.id())).isEqualTo(JobState.SCHEDULED);
    rig().time.advance(HOUR);
    assertThat(rig().dequeue(2))
        .extracting(LeasedJob::id)
        .containsExactly(scheduled.id(), other.id());
  }

  @Test
  void c2_4_aBlockedJobHasItsNewPriorityWhenItIsReleased() {
    NewJob first = rig().enqueued(rig().job(job -> job.queue("first")));
    NewJob blocked =
        rig()
            .enqueued(
                rig().job(builder -> builder.dependencies(Dependencies.on(List.of(first.id())))));
    NewJob other = rig().enqueued(rig().job(job -> job.priority(5)));
    assertThat(reprioritise(blocked.id(), 6)).isEqualTo(ChangeStatus.APPLIED);
    rig().complete(rig().dequeue("first", 1).get(0));
    stage.settle();
    assertThat(rig().dequeue(2))
        .extracting(LeasedJob::id)
        .containsExactly(blocked.id(), other.id());
  }

  @Test
  void c2_receiptsAreInRequestOrder() {
    JobId running = stage.in(JobState.RUNNING).id();
    JobId ready = stage.in(JobState.READY).id();
    JobId dead = stage.in(JobState.DEAD).id();
    JobId unknown = rig().id();
    List<JobId> ids = List.of(unknown, dead, ready, running);
    List<ChangeStatus> expected =
        List.of(
            ChangeStatus.UNKNOWN,
            ChangeStatus.ALREADY_FINISHED,
            ChangeStatus.APPLIED,
            ChangeStatus.RUNNING);
    for (List<ChangeReceipt> receipts :
        List.of(
            capability().reschedule(ids, rig().now().plusSeconds(1), rig().now()),
            capability().reprioritise(ids, 9, rig().now()))) {
      assertThat(receipts).extracting(ChangeReceipt::id).containsExactlyElementsOf(ids);
      assertThat(receipts).extracting(ChangeReceipt::status).containsExactlyElementsOf(expected);
    }
  }
}
