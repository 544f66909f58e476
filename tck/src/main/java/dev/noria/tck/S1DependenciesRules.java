package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.Dependencies.OnMissing;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that wait for other jobs (S1.6). */
abstract class S1DependenciesRules extends Rules {

  private NewJob after(NewJob... first) {
    return after(Dependencies.on(idsOf(List.of(first))));
  }

  private NewJob after(Dependencies dependencies) {
    return rig().job(job -> job.dependencies(dependencies));
  }

  private NewJob first() {
    return rig().job("first");
  }

  private LeasedJob take(String queue) {
    return rig().dequeue(queue, 1).get(0);
  }

  private void settle() {
    new Stage(rig()).settle();
  }

  @Test
  void s1_6_aJobWaitsForOneOfTheSameCall() {
    NewJob first = first();
    NewJob second = after(first);
    assertThat(rig().enqueue(first, second)).allMatch(EnqueueReceipt::isEnqueued);
    assertThat(rig().state(second.id())).isEqualTo(JobState.BLOCKED);
    assertThat(rig().dequeue(10)).isEmpty();
    rig().complete(take("first"));
    settle();
    assertThat(rig().dequeueOne().id()).isEqualTo(second.id());
  }

  @Test
  void s1_6_aJobMayStandBeforeTheOneItWaitsForInACall() {
    NewJob first = first();
    NewJob second = after(first);
    assertThat(rig().enqueue(second, first)).allMatch(EnqueueReceipt::isEnqueued);
    assertThat(rig().state(second.id())).isEqualTo(JobState.BLOCKED);
    rig().complete(take("first"));
    settle();
    assertThat(rig().dequeueOne().id()).isEqualTo(second.id());
  }

  @ParameterizedTest
  @EnumSource(names = {"BLOCKED", "SCHEDULED", "READY", "RUNNING"})
  void s1_6_aJobWaitsForAnUnfinishedOne(JobState state) {
    NewJob first = new Stage(rig()).in(state, job -> job.queue("first"));
    NewJob second = rig().enqueued(after(first));
    settle();
    assertThat(rig().state(second.id())).isEqualTo(JobState.BLOCKED);
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s1_6_aCompletedOneCountsAsDone() {
    NewJob first = new Stage(rig()).in(JobState.COMPLETED);
    NewJob second = rig().enqueued(after(first));
    settle();
    assertThat(rig().state(second.id())).isEqualTo(JobState.READY);
    assertThat(rig().dequeueOne().id()).isEqualTo(second.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEAD", "CANCELLED"})
  void s1_6_oneThatHasFailedBeforeAppliesThePolicy(JobState state) {
    NewJob first = new Stage(rig()).in(state);
    Dependencies on = Dependencies.on(List.of(first.id()));
    NewJob cancelled = rig().enqueued(after(on));
    NewJob ready = rig().enqueued(after(on.onFailure(OnFailure.IGNORE)));
    NewJob held = rig().enqueued(after(on.onFailure(OnFailure.HOLD)));
    settle();
    assertThat(rig().state(cancelled.id())).isEqualTo(JobState.CANCELLED);
    assertThat(rig().stored(cancelled.id()).status().reason()).isEqualTo(Reasons.DEPENDENCY);
    assertThat(rig().state(ready.id())).isEqualTo(JobState.READY);
    assertThat(rig().state(held.id())).isEqualTo(JobState.BLOCKED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEAD", "CANCELLED"})
  void s1_6_oneThatFailsLaterAppliesThePolicy(JobState state) {
    NewJob first = rig().enqueued(first());
    Dependencies on = Dependencies.on(List.of(first.id()));
    NewJob cancelled = rig().enqueued(after(on));
    NewJob ready = rig().enqueued(after(on.onFailure(OnFailure.IGNORE)));
    NewJob held = rig().enqueued(after(on.onFailure(OnFailure.HOLD)));
    LeasedJob leased = take("first");
    if (state == JobState.DEAD) {
      rig().kill(leased);
    } else {
      rig().ack(new Ack.Cancelled(leased.lease(), "stop"));
    }
    settle();
    assertThat(rig().state(cancelled.id())).isEqualTo(JobState.CANCELLED);
    assertThat(rig().stored(cancelled.id()).status().reason()).isEqualTo(Reasons.DEPENDENCY);
    assertThat(rig().stored(cancelled.id()).status().finishedAt()).isEqualTo(rig().now());
    assertThat(rig().state(ready.id())).isEqualTo(JobState.READY);
    assertThat(rig().state(held.id())).isEqualTo(JobState.BLOCKED);
  }

  @Test
  void s1_6_aHeldJobGoesOnWhenTheFailedOneIsReplayedAndCompletes() {
    NewJob first = rig().enqueued(first());
    NewJob held =
        rig().enqueued(after(Dependencies.on(List.of(first.id())).onFailure(OnFailure.HOLD)));
    rig().kill(take("first"));
    settle();
    admin().replay(List.of(first.id()), rig().now());
    settle();
    assertThat(rig().state(held.id())).isEqualTo(JobState.BLOCKED);
    rig().complete(take("first"));
    settle();
    assertThat(rig().state(held.id())).isEqualTo(JobState.READY);
  }

  @Test
  void s1_6_aMissingOneIsRejectedOrCountsAsDone() {
    Dependencies missing = Dependencies.on(List.of(rig().id()));
    NewJob rejected = after(missing);
    NewJob accepted = after(missing.onMissing(OnMissing.COUNT_AS_DONE));
    List<EnqueueReceipt> receipts = rig().enqueue(rejected, accepted);
    assertThat(receipts.get(0).status()).isEqualTo(EnqueueReceipt.Status.REJECTED);
    assertThat(receipts.get(1)).isEqualTo(EnqueueReceipt.enqueued(accepted.id()));
    settle();
    assertThat(leasedIds(rig().dequeue(10))).containsExactly(accepted.id());
  }

  @Test
  void s1_6_aMissingOneAmongOthersIsSkippedByOption() {
    NewJob first = rig().enqueued(first());
    Dependencies on =
        Dependencies.on(List.of(rig().id(), first.id(), rig().id()))
            .onMissing(OnMissing.COUNT_AS_DONE);
    NewJob second = rig().enqueued(after(on));
    settle();
    assertThat(rig().state(second.id())).isEqualTo(JobState.BLOCKED);
    rig().complete(take("first"));
    settle();
    assertThat(rig().state(second.id())).isEqualTo(JobState.READY);
  }

  @Test
  void s1_6_whoeverWaitsForARejectedJobIsRejected() {
    NewJob rejected = after(Dependencies.on(List.of(rig().id())));
    NewJob follower = after(rejected);
    assertThat(rig().enqueue(rejected, follower))
        .extracting(EnqueueReceipt::status)
        .containsOnly(EnqueueReceipt.Status.REJECTED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void s1_6_oneAnsweredWithAnExistingJobMeansThatJob(boolean replaces) {
    KeyPolicy keep = KeyPolicy.whileUnfinished();
    JobKey key = new JobKey("key", replaces ? keep.replacing() : keep);
    NewJob existing = rig().enqueued(rig().job(job -> job.queue("first").key(key)));
    NewJob newcomer = rig().job(job -> job.queue("first").key(key).payload(Bytes.utf8("newer")));
    NewJob second = after(newcomer);
    List<EnqueueReceipt> receipts = rig().enqueue(newcomer, second);
    assertThat(receipts.get(0).id()).isEqualTo(existing.id());
    assertThat(receipts.get(1).isEnqueued()).isTrue();
    assertThat(rig().stored(second.id()).job().dependencies().on()).containsExactly(existing.id());
    rig().complete(take("first"));
    settle();
    assertThat(rig().dequeueOne().id()).isEqualTo(second.id());
  }

  @Test
  void s1_6_twoThatMeanOneJobCountOnce() {
    JobKey key = new JobKey("key", KeyPolicy.whileUnfinished());
    NewJob first = rig().job(job -> job.queue("first").key(key));
    NewJob twin = rig().job(job -> job.queue("first").key(key));
    NewJob second = after(first, twin, first);
    rig().enqueue(first, twin, second);
    rig().complete(take("first"));
    settle();
    assertThat(rig().dequeueOne().id()).isEqualTo(second.id());
  }

  @Test
  void s1_6_aChainRunsInOrder() {
    List<NewJob> chain = new ArrayList<>(List.of(rig().job()));
    for (int i = 1; i < 10; i++) {
      chain.add(after(chain.get(i - 1)));
    }
    rig().enqueue(chain);
    for (NewJob next : chain) {
      List<LeasedJob> due = rig().dequeue(10);
      assertThat(leasedIds(due)).containsExactly(next.id());
      rig().complete(due.get(0));
      settle();
    }
  }

  @Test
  void s1_6_aFailureCancelsTheWholeChain() {
    List<NewJob> chain = new ArrayList<>(List.of(rig().job()));
    for (int i = 1; i < 10; i++) {
      chain.add(after(chain.get(i - 1)));
    }
    rig().enqueue(chain);
    rig().kill(rig().dequeueOne());
    settle();
    for (NewJob job : chain.subList(1, 10)) {
      assertThat(rig().state(job.id())).isEqualTo(JobState.CANCELLED);
    }
  }

  @Test
  void s1_6_aDiamondJoinsOnce() {
    NewJob top = rig().job();
    NewJob left = after(top);
    NewJob right = after(top);
    NewJob bottom = after(left, right);
    rig().enqueue(top, left, right, bottom);
    rig().complete(rig().dequeueOne());
    settle();
    List<LeasedJob> sides = rig().dequeue(10);
    assertThat(leasedIds(sides)).containsExactlyInAnyOrder(left.id(), right.id());
    rig().complete(sides.get(0));
    settle();
    assertThat(rig().dequeue(10)).isEmpty();
    rig().complete(sides.get(1));
    settle();
    assertThat(leasedIds(rig().dequeue(10))).containsExactly(bottom.id());
  }

  @Test
  void s1_6_aLaterDueInstantIsKept() {
    NewJob first = rig().enqueued(first());
    Instant due = rig().now().plusSeconds(100);
    Dependencies on = Dependencies.on(List.of(first.id()));
    NewJob second = rig().enqueued(rig().job(job -> job.dependencies(on).runAt(due)));
    assertThat(rig().state(second.id())).isEqualTo(JobState.BLOCKED);
    rig().complete(take("first"));
    settle();
    assertThat(rig().state(second.id())).isEqualTo(JobState.SCHEDULED);
    assertThat(rig().dequeue(10)).isEmpty();
    rig().time.advance(Duration.ofSeconds(100));
    assertThat(rig().dequeueOne().id()).isEqualTo(second.id());
  }

  @Test
  void s1_6_beingDueDoesNotUnblock() {
    NewJob first = rig().enqueued(first());
    Dependencies on = Dependencies.on(List.of(first.id()));
    Instant due = rig().now().plusSeconds(1);
    NewJob second = rig().enqueued(rig().job(job -> job.dependencies(on).runAt(due)));
    rig().time.advance(HOUR);
    settle();
    assertThat(rig().dequeue(10)).isEmpty();
    assertThat(rig().state(second.id())).isEqualTo(JobState.BLOCKED);
  }

  @Test
  void s1_6_aRetryOfTheFirstKeepsTheSecondWaiting() {
    NewJob first = rig().enqueued(first());
    NewJob second = rig().enqueued(after(first));
    rig().retry(take("first"), rig().now());
    rig().release(take("first"));
    settle();
    assertThat(rig().state(second.id())).isEqualTo(JobState.BLOCKED);
    rig().complete(take("first"));
    settle();
    assertThat(rig().state(second.id())).isEqualTo(JobState.READY);
  }

  @Test
  void s1_6_theJobsOfAnOperatorEndDependentsToo() {
    NewJob cancelled = rig().enqueued(first());
    NewJob deleted = rig().enqueued(first());
    NewJob second = rig().enqueued(after(cancelled));
    NewJob third = rig().enqueued(after(deleted));
    admin().cancel(List.of(cancelled.id()), rig().now());
    admin().delete(List.of(deleted.id()), rig().now());
    settle();
    assertThat(rig().state(second.id())).isEqualTo(JobState.CANCELLED);
    assertThat(rig().state(third.id())).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void s1_6_retentionSparesAJobThatSomebodyDependsOn() {
    Retention brief = new Retention(SECOND, SECOND);
    NewJob first = rig().enqueued(first().toBuilder().retention(brief).build());
    NewJob held =
        rig().enqueued(after(Dependencies.on(List.of(first.id())).onFailure(OnFailure.HOLD)));
    rig().kill(take("first"));
    rig().time.advance(HOUR);
    settle();
    assertThat(rig().state(first.id())).isEqualTo(JobState.DEAD);
    admin().purge(null, Set.of(JobState.DEAD), rig().now(), 100, rig().now());
    admin().replay(List.of(first.id()), rig().now());
    rig().complete(take("first"));
    settle();
    assertThat(rig().state(held.id())).isEqualTo(JobState.READY);
    rig().time.advance(HOUR);
    settle();
    assertThat(rig().find(first.id())).as("spared although nobody waits").isEmpty();
  }

  @Test
  void s1_6_retentionThatEndsWhileSomebodyWaitsForAnotherDoesNoHarm() {
    Retention brief = new Retention(SECOND, SECOND);
    NewJob first = rig().enqueued(first().toBuilder().retention(brief).build());
    NewJob other = rig().enqueued(rig().job("other"));
    NewJob second = rig().enqueued(after(first, other));
    rig().complete(take("first"));
    rig().time.advance(HOUR);
    settle();
    assertThat(rig().state(second.id())).isEqualTo(JobState.BLOCKED);
    rig().complete(take("other"));
    settle();
    assertThat(rig().state(second.id())).isEqualTo(JobState.READY);
  }

  @Test
  void s1_6_dependenciesSurviveCloseAndOpen() {
    rig().needsSurvival();
    NewJob first = rig().enqueued(first());
    NewJob second = rig().enqueued(after(first));
    rig().reopen();
    LeasedJob leased = take("first");
    rig().reopen();
    rig().complete(leased);
    settle();
    assertThat(rig().dequeueOne().id()).isEqualTo(second.id());
  }

  @Test
  void s1_6_aRaceOfEnqueueAndEndLeavesNobodyBehind() {
    List<List<JobId>> waiting =
        Crew.run(
            2,
            number ->
                () -> {
                  Rig.Client client = rig().client();
                  List<JobId> mine = new ArrayList<>();
                  for (int i = 0; i < 60; i++) {
                    if (number == 0) {
                      NewJob first = rig().job("race");
                      client.enqueue(List.of(first));
                      Dependencies on =
                          Dependencies.on(List.of(first.id())).onMissing(OnMissing.COUNT_AS_DONE);
                      NewJob second = after(on);
                      client.enqueue(List.of(second));
                      mine.add(second.id());
                    } else {
                      client
                          .dequeue("race", 5)
                          .forEach(job -> client.ack(new Ack.Completed(job.lease())));
                    }
                  }
                  return mine;
                });
    rig().dequeue("race", 100).forEach(rig()::complete);
    settle();
    assertThat(leasedIds(rig().dequeue(100))).containsExactlyInAnyOrderElementsOf(waiting.get(0));
  }
}
