package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Dependencies;
import dev.noria.job.GroupPolicy;
import dev.noria.job.GroupPolicy.StartRate;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator does to whole queues (C2.6 to C2.11). */
abstract class C2QueuesRules extends CapabilityRules<Administration> {
  private static final Set<JobState> FINISHED =
      EnumSet.of(JobState.COMPLETED, JobState.DEAD, JobState.CANCELLED);

  private Stage stage;

  C2QueuesRules() {
    super(Administration.class);
  }

  @BeforeEach
  final void setStage() {
    stage = new Stage(rig());
  }

  private int purge(String queue, Set<JobState> states, Instant olderThan, int limit) {
    return capability().purge(queue, states, olderThan, limit, rig().now());
  }

  private List<JobId> left(List<JobId> ids) {
    return ids.stream().filter(id -> rig().find(id).isPresent()).toList();
  }

  @Test
  void c2_6_purgeTakesWhatEndedBefore() {
    JobId old = stage.in(JobState.DEAD).id();
    Instant between = rig().time.advance(Duration.ofMinutes(1));
    JobId recent = stage.in(JobState.DEAD).id();
    assertThat(capability().purge(null, FINISHED, between, 100, rig().now())).isEqualTo(1);
    assertThat(left(List.of(old, recent))).containsExactly(recent);
  }

  @Test
  void c2_6_purgeTakesTheGivenStatesAndQueueOnly() {
    List<JobId> all = new ArrayList<>();
    for (JobState state : JobState.values()) {
      all.add(stage.in(state).id());
      all.add(stage.in(state, job -> job.queue("other")).id());
    }
    Instant end = rig().time.advance(Duration.ofMinutes(1));
    assertThat(purge("other", EnumSet.of(JobState.DEAD), end, 100)).isEqualTo(1);
    assertThat(left(all)).hasSize(all.size() - 1).doesNotContain(all.get(11));
    assertThat(purge(Rig.QUEUE, FINISHED, end, 100)).isEqualTo(3);
    assertThat(purge("nobody", FINISHED, end, 100)).isZero();
    assertThat(capability().purge(null, FINISHED, end, 100, rig().now())).isEqualTo(2);
    assertThat(left(all)).hasSize(all.size() - 6);
  }

  @Test
  void c2_6_purgeTakesTheOldestFirstUpToItsLimit() {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(stage.in(i % 2 == 0 ? JobState.DEAD : JobState.COMPLETED).id());
      rig().time.advance(Duration.ofSeconds(10));
    }
    assertThat(purge(Rig.QUEUE, FINISHED, rig().now(), 2)).isEqualTo(2);
    assertThat(left(ids)).containsExactlyElementsOf(ids.subList(2, 6));
    assertThat(purge(Rig.QUEUE, FINISHED, rig().now(), 3)).isEqualTo(3);
    assertThat(left(ids)).containsExactly(ids.get(5));
  }

  @Test
  void c2_6_purgeSparesAJobThatSomebodyDependsOn() {
    JobId spared = stage.in(JobState.COMPLETED).id();
    JobId other = stage.dependency().id();
    rig()
        .enqueued(
            rig().job(builder -> builder.dependencies(Dependencies.on(List.of(spared, other)))));
    JobId free = stage.in(JobState.COMPLETED).id();
    Instant end = rig().time.advance(Duration.ofMinutes(1));
    assertThat(purge(Rig.QUEUE, FINISHED, end, 1)).isEqualTo(1);
    assertThat(left(List.of(spared, free))).containsExactly(spared);
    assertThat(purge(Rig.QUEUE, FINISHED, end, 10)).isZero();
  }

  @Test
  void c2_6_purgeFreesKeysUntilPurged() {
    JobKey key = new JobKey("k", KeyPolicy.untilPurged());
    stage.in(JobState.COMPLETED, builder -> builder.key(key));
    Instant end = rig().time.advance(Duration.ofMinutes(1));
    assertThat(purge(Rig.QUEUE, FINISHED, end, 10)).isEqualTo(1);
    rig().enqueued(rig().job(builder -> builder.key(key).retention(Stage.KEPT)));
  }

  @Test
  void c2_7_discardTakesReadyAndScheduledOnly() {
    for (JobState state : JobState.values()) {
      JobId id = stage.in(state).id();
      boolean discarded = state == JobState.READY || state == JobState.SCHEDULED;
      assertThat(capability().discardWaiting(Rig.QUEUE, 100, rig().now()))
          .as(state.name())
          .isEqualTo(discarded ? 1 : 0);
      assertThat(rig().find(id).isPresent()).as(state.name()).isEqualTo(!discarded);
    }
    stage.in(JobState.READY, job -> job.queue("other"));
    assertThat(capability().discardWaiting(Rig.QUEUE, 100, rig().now())).isZero();
  }

  @Test
  void c2_7_discardKeepsItsLimitFreesKeysAndSettlesDependents() {
    JobKey key = new JobKey("k", KeyPolicy.whileUnfinished());
    NewJob keyed = rig().enqueued(rig().job(job -> job.key(key)));
    NewJob dependent =
        rig()
            .enqueued(
                rig()
                    .job(
                        builder ->
                            builder
                                .queue("other")
                                .dependencies(Dependencies.on(List.of(keyed.id())))));
    rig().enqueue(rig().jobs(9));
    assertThat(capability().discardWaiting(Rig.QUEUE, 4, rig().now())).isEqualTo(4);
    assertThat(capability().discardWaiting(Rig.QUEUE, 100, rig().now())).isEqualTo(6);
    assertThat(rig().dequeue(10)).isEmpty();
    stage.settle();
    assertThat(rig().state(dependent.id())).isEqualTo(JobState.CANCELLED);
    rig().enqueued(rig().job(job -> job.key(key)));
  }

  @Test
  void c2_8_aPausedQueueGivesNothingAndHidesNoOther() {
    rig().enqueue(rig().jobs(3));
    NewJob other = rig().enqueued(rig().job(job -> job.queue("other")));
    capability().pause(Rig.QUEUE, rig().now());
    capability().pause(Rig.QUEUE, rig().now());
    Rig.Client client = rig().client();
    DequeueRequest request =
        client.request(
            List.of(
                new DequeueRequest.Demand(Rig.QUEUE, 10), new DequeueRequest.Demand("other", 10)),
            10);
    Exchange exchange = client.exchange(List.of(), request);
    assertThat(exchange.jobs()).extracting(LeasedJob::id).containsExactly(other.id());
    assertThat(exchange.pausedQueues()).containsExactly(Rig.QUEUE);
  }

  @Test
  void c2_8_aPausedQueueStillTakesJobsAndAcks() {
    rig().enqueue(rig().jobs(2));
    List<LeasedJob> leased = rig().dequeue(2);
    capability().pause(Rig.QUEUE, rig().now());
    assertThat(rig().complete(leased.get(0)).isApplied()).isTrue();
    rig().ack(new Ack.Retry(leased.get(1).lease(), rig().now(), Rig.error("x")));
    NewJob late = rig().enqueued(rig().job(job -> job.runAt(rig().now().plusSeconds(1))));
    rig().time.advance(Duration.ofSeconds(2));
    assertThat(rig().dequeue(10)).isEmpty();
    capability().resume(Rig.QUEUE, rig().now());
    assertThat(rig().dequeue(10))
        .extracting(LeasedJob::id)
        .containsExactlyInAnyOrder(leased.get(1).id(), late.id());
  }

  @Test
  void c2_9_aResumedQueueGivesAllAgain() {
    rig().enqueue(rig().jobs(3));
    capability().resume(Rig.QUEUE, rig().now());
    capability().pause(Rig.QUEUE, rig().now());
    capability().resume(Rig.QUEUE, rig().now());
    capability().resume(Rig.QUEUE, rig().now());
    Rig.Client client = rig().client();
    Exchange exchange = client.exchange(List.of(), client.request(Rig.QUEUE, 10));
    assertThat(exchange.jobs()).hasSize(3);
    assertThat(exchange.pausedQueues()).isEmpty();
  }

  @Test
  void c2_8_aPauseIsValidForEveryProcess() {
    rig().needsSharing();
    Rig.Client other = rig().client(rig().openAgain());
    rig().enqueue(rig().jobs(2));
    assertThat(other.dequeue(Rig.QUEUE, 1)).hasSize(1);
    capability().pause(Rig.QUEUE, rig().now());
    assertThat(other.dequeue(Rig.QUEUE, 1)).isEmpty();
    capability().resume(Rig.QUEUE, rig().now());
    assertThat(other.dequeue(Rig.QUEUE, 1)).hasSize(1);
  }

  @Test
  void c2_8_nothingIsDequeuedAfterPauseReturned() {
    for (int round = 0; round < 20; round++) {
      String queue = "q" + round;
      List<NewJob> jobs = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        jobs.add(rig().job(job -> job.queue(queue)));
      }
      rig().enqueue(jobs);
      AtomicBoolean paused = new AtomicBoolean();
      List<Callable<Integer>> crew = new ArrayList<>();
      crew.add(
          () -> {
            capability().pause(queue, rig().now());
            paused.set(true);
            return 0;
          });
      for (int i = 0; i < 3; i++) {
        crew.add(takenAfterPause(rig().client(), queue, paused));
      }
      assertThat(Crew.run(crew)).as("jobs dequeued after pause returned").containsOnly(0);
    }
  }

  /** Dequeues until a call that began after the pause, and says what that one returned. */
  private Callable<Integer> takenAfterPause(Rig.Client client, String queue, AtomicBoolean paused) {
    return () -> {
      while (Crew.goesOn()) {
        boolean before = paused.get();
        int taken = client.dequeue(queue, 1).size();
        if (before) {
          return taken;
        }
      }
      return -1;
    };
  }

  @Test
  void c2_10_clearSkipsRunningJobs() {
    JobId running = stage.in(JobState.RUNNING).id();
    List<JobId> ids = new ArrayList<>(List.of(running));
    for (JobState state : EnumSet.complementOf(EnumSet.of(JobState.RUNNING))) {
      ids.add(stage.in(state).id());
    }
    JobId other = stage.in(JobState.READY, job -> job.queue("other")).id();
    assertThat(capability().clear(Rig.QUEUE, 100, rig().now())).isEqualTo(6);
    assertThat(left(ids)).containsExactly(running);
    assertThat(rig().find(other)).isPresent();
    assertThat(capability().clear(Rig.QUEUE, 100, rig().now())).isZero();
  }

  @Test
  void c2_10_clearLeavesNoDependentsBehind() {
    NewJob first = rig().enqueued(rig().job());
    NewJob second =
        rig().enqueued(rig().job(job -> job.dependencies(Dependencies.on(List.of(first.id())))));
    assertThat(capability().clear(Rig.QUEUE, 100, rig().now())).isEqualTo(2);
    rig().maintainAll();
    assertThat(left(List.of(first.id(), second.id()))).isEmpty();
  }

  @Test
  void c2_10_clearKeepsItsLimitAndFreesKeys() {
    JobKey key = new JobKey("k", KeyPolicy.whileUnfinished());
    rig().enqueued(rig().job(job -> job.key(key)));
    rig().enqueue(rig().jobs(9));
    assertThat(capability().clear(Rig.QUEUE, 7, rig().now())).isEqualTo(7);
    assertThat(capability().clear(Rig.QUEUE, 7, rig().now())).isEqualTo(3);
    rig().enqueued(rig().job(job -> job.key(key)));
    assertThat(rig().dequeue(10)).hasSize(1);
  }

  @Test
  void c2_11_aPolicyComesBackAsItWasSet() {
    assertThat(capability().policy(Rig.QUEUE)).isEqualTo(QueuePolicy.UNLIMITED);
    QueuePolicy policy =
        QueuePolicy.UNLIMITED
            .withMaxRunning(12)
            .withDefaults(GroupPolicy.UNLIMITED.withWeight(3))
            .withTiers(
                Map.of("gold", GroupPolicy.UNLIMITED.withMaxRunning(9)),
                Map.of("größe", "gold", "x", "missing"))
            .withOverrides(
                Map.of(
                    "g:1",
                    GroupPolicy.UNLIMITED.withStartRate(
                        new StartRate(2, Duration.ofMillis(1500), 7))));
    capability().setPolicy(Rig.QUEUE, policy, rig().now());
    assertThat(capability().policy(Rig.QUEUE)).isEqualTo(policy);
    assertThat(capability().policy("other")).isEqualTo(QueuePolicy.UNLIMITED);
    capability().setPolicy(Rig.QUEUE, QueuePolicy.UNLIMITED, rig().now());
    assertThat(capability().policy(Rig.QUEUE)).isEqualTo(QueuePolicy.UNLIMITED);
  }

  @Test
  void c2_11_theVersionGrowsWithEachChange() {
    long version = 0;
    for (int i = 1; i < 10; i++) {
      QueuePolicy policy = QueuePolicy.UNLIMITED.withMaxRunning(i);
      long next = capability().setPolicy("q" + i % 2, policy, rig().now());
      assertThat(next).isGreaterThan(version);
      version = next;
    }
  }

  @Test
  void c2_11_aPolicyIsValidForTheNextDequeue() {
    rig().enqueue(rig().jobs(10));
    assertThat(rig().dequeue(1)).hasSize(1);
    capability().setPolicy(Rig.QUEUE, QueuePolicy.UNLIMITED.withMaxRunning(3), rig().now());
    assertThat(rig().dequeue(10)).hasSize(2);
    assertThat(rig().client().dequeue(Rig.QUEUE, 10)).isEmpty();
    capability().setPolicy(Rig.QUEUE, QueuePolicy.UNLIMITED.withMaxRunning(5), rig().now());
    assertThat(rig().dequeue(10)).hasSize(2);
  }

  @Test
  void c2_11_aPolicyIsValidForTheNextDequeueOfEveryProcess() {
    rig().needsSharing();
    rig().enqueue(rig().jobs(10));
    Rig.Client mine = rig().client();
    Rig.Client other = rig().client(rig().openAgain());
    assertThat(other.dequeue(Rig.QUEUE, 1)).hasSize(1);
    capability().setPolicy(Rig.QUEUE, QueuePolicy.UNLIMITED.withMaxRunning(3), rig().now());
    assertThat(other.dequeue(Rig.QUEUE, 10)).hasSize(2);
    assertThat(mine.dequeue(Rig.QUEUE, 10)).isEmpty();
    capability().setPolicy(Rig.QUEUE, QueuePolicy.UNLIMITED.withMaxRunning(5), rig().now());
    assertThat(other.dequeue(Rig.QUEUE, 10)).hasSize(2);
  }
}
