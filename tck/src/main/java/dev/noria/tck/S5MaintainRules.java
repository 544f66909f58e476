package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.EndedJob;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bounds and races of housekeeping (S5, S5.3). */
abstract class S5MaintainRules extends Rules {
  private static final int CALLS = 1_000;

  private Stage stage;

  @BeforeEach
  final void setStage() {
    stage = new Stage(rig());
  }

  private static List<JobId> ids(List<LeasedJob> jobs) {
    return jobs.stream().map(LeasedJob::id).toList();
  }

  private static List<JobId> touched(List<Maintained> calls) {
    List<JobId> all = new ArrayList<>();
    for (Maintained call : calls) {
      all.addAll(call.reclaimed());
      all.addAll(call.ended().stream().map(EndedJob::id).toList());
      all.addAll(call.released());
      all.addAll(call.purged());
    }
    return all;
  }

  /** Calls with this limit until nothing more is said to be there. */
  private List<Maintained> maintainBy(int limit) {
    List<Maintained> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      Maintained call = rig().storage().maintain(limit, rig().now());
      assertThat(Stage.touched(call)).as("touched with limit " + limit).isLessThanOrEqualTo(limit);
      calls.add(call);
      if (!call.more()) {
        return calls;
      }
    }
    throw new AssertionError("maintain still says 'more' after " + CALLS + " calls");
  }

  @Test
  void s5_nothingToDoIsSaidSo() {
    assertThat(rig().maintain()).isEqualTo(Maintained.NOTHING);
    for (JobState state : JobState.values()) {
      stage.in(state);
    }
    Maintained maintained = rig().maintain();
    assertThat(Stage.touched(maintained)).isZero();
    assertThat(maintained.more()).isFalse();
  }

  @Test
  void s5_jobsThatAreFineAreLeftAlone() {
    List<NewJob> jobs = new ArrayList<>();
    for (JobState state : JobState.values()) {
      jobs.add(stage.in(state));
    }
    List<Object> before = new ArrayList<>();
    jobs.forEach(job -> before.add(rig().stored(job.id())));
    rig().time.advance(Rig.LEASE.minusMillis(1));
    for (int i = 0; i < 20; i++) {
      rig().storage().maintain(1 + i, rig().now());
    }
    List<Object> after = new ArrayList<>();
    jobs.forEach(job -> after.add(rig().stored(job.id())));
    assertThat(after).isEqualTo(before);
  }

  @Test
  void s5_theLimitIsKeptAndMoreIsSaid() {
    rig().enqueue(rig().jobs(25));
    List<JobId> jobs = ids(rig().dequeue(25));
    rig().time.advance(Rig.LEASE.plusMillis(1));
    Maintained first = rig().storage().maintain(10, rig().now());
    assertThat(first.reclaimed()).isNotEmpty().hasSizeLessThanOrEqualTo(10);
    assertThat(first.more()).isTrue();
    List<Maintained> rest = maintainBy(10);
    List<JobId> all = new ArrayList<>(first.reclaimed());
    all.addAll(touched(rest));
    assertThat(all).containsExactlyInAnyOrderElementsOf(jobs);
    assertThat(rest.get(rest.size() - 1).more()).isFalse();
  }

  @Test
  void s5_aLimitOfOneComesToAnEnd() {
    rig().enqueue(rig().jobs(5));
    List<JobId> jobs = ids(rig().dequeue(5));
    rig().time.advance(Rig.LEASE.plusMillis(1));
    assertThat(touched(maintainBy(1))).containsExactlyInAnyOrderElementsOf(jobs);
  }

  @Test
  void s5_3_aLargeMixedBacklogIsVisitedToItsEndAndEachJobOnce() {
    int share = 400;
    rig().enqueue(rig().jobs(share));
    Set<JobId> due = new HashSet<>(ids(rig().dequeue(share)));
    List<NewJob> expiring = new ArrayList<>();
    List<NewJob> fine = new ArrayList<>();
    for (int i = 0; i < share; i++) {
      boolean even = i % 2 == 0;
      String queue = even ? "mixed" : "other";
      expiring.add(
          rig().job(job -> job.queue(queue).deadline(rig().now().plusSeconds(even ? 1 : 9))));
      fine.add(rig().job(job -> job.queue(queue)));
    }
    rig().enqueue(expiring);
    rig().enqueue(fine);
    expiring.forEach(job -> due.add(job.id()));
    due.addAll(finishedWithRetention(share));
    rig().time.advance(Duration.ofMinutes(61));
    List<JobId> touched = touched(maintainBy(70));
    assertThat(touched).containsExactlyInAnyOrderElementsOf(due);
    assertThat(fine).allSatisfy(job -> assertThat(rig().state(job.id())).isEqualTo(JobState.READY));
    assertThat(rig().dequeue(10_000)).hasSize(share);
  }

  private List<JobId> finishedWithRetention(int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(rig().job(job -> job.queue("finished").retention(Stage.KEPT)));
    }
    rig().enqueue(jobs);
    List<LeasedJob> leased = rig().dequeue("finished", count);
    List<Ack> acks = new ArrayList<>();
    leased.forEach(job -> acks.add(new Ack.Completed(job.lease())));
    assertThat(rig().client().ack(acks)).hasSize(count).allMatch(AckReceipt::isApplied);
    return ids(leased);
  }

  @Test
  void s5_3_manyLongLeasesDoNotHideAnExpiredOne() {
    int count = 1_500;
    rig().enqueue(rig().jobs(count));
    List<LeasedJob> jobs = rig().dequeue(count);
    Set<JobId> expiring =
        Set.of(jobs.get(0).id(), jobs.get(count / 2).id(), jobs.get(count - 1).id());
    List<LeaseUse> others =
        jobs.stream()
            .filter(job -> !expiring.contains(job.id()))
            .map(job -> new LeaseUse(job.lease(), false))
            .toList();
    rig().storage().extend(others, rig().now().plus(Duration.ofHours(1)), rig().now());
    rig().time.advance(Rig.LEASE.plusMillis(1));
    assertThat(touched(maintainBy(10))).containsExactlyInAnyOrderElementsOf(expiring);
  }

  @Test
  void s5_3_jobsThatMustBeSparedDoNotHideOneThatMayGo() {
    List<JobId> spared = finishedWithRetention(60);
    List<JobId> on = new ArrayList<>(spared);
    on.add(stage.dependency().id());
    rig().enqueued(rig().job(job -> job.dependencies(Dependencies.on(on))));
    rig().time.advance(Duration.ofSeconds(1));
    List<JobId> gone = finishedWithRetention(3);
    rig().time.advance(Duration.ofHours(2));
    Set<JobId> purged = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      purged.addAll(rig().storage().maintain(5, rig().now()).purged());
    }
    assertThat(purged).containsExactlyInAnyOrderElementsOf(gone);
    assertThat(spared).allSatisfy(id -> assertThat(rig().find(id)).isPresent());
  }

  @Test
  void s5_3_aHealthyStorageHasNothingToHeal() {
    for (int round = 0; round < 5; round++) {
      for (JobState state : JobState.values()) {
        String queue = "round" + round + state;
        NewJob job = stage.in(state, builder -> builder.group("g").queue(queue));
        assertThat(rig().find(job.id())).isPresent();
      }
      stage.crash();
    }
    stage.settle();
    int healed = 0;
    for (int i = 0; i < 50; i++) {
      healed += rig().storage().maintain(100, rig().now()).healed();
    }
    assertThat(healed).isZero();
  }

  @Test
  void s5_3_eightMaintainersTakeEachLeaseBackOnce() {
    int count = 800;
    rig().enqueue(rig().jobs(count));
    List<JobId> jobs = ids(rig().dequeue(count));
    rig().time.advance(Rig.LEASE.plusMillis(1));
    List<List<Maintained>> calls = Crew.run(8, i -> () -> maintainBy(50));
    List<JobId> reclaimed = new ArrayList<>();
    calls.forEach(some -> reclaimed.addAll(touched(some)));
    reclaimed.addAll(touched(maintainBy(50)));
    assertThat(reclaimed).containsExactlyInAnyOrderElementsOf(jobs);
    assertThat(rig().stored(jobs.get(0)).status().crashes()).isEqualTo(1);
    assertThat(rig().dequeue(2 * count)).hasSize(count);
  }

  @Test
  void s5_3_anAckAndAReclaimNeverBothWin() {
    for (int round = 0; round < 10; round++) {
      List<NewJob> jobs = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        jobs.add(rig().job(job -> job.retention(Stage.KEPT)));
      }
      rig().enqueue(jobs);
      List<LeasedJob> leased = rig().dequeue(100);
      assertThat(leased).hasSize(40);
      rig().time.advance(Rig.LEASE.plusMillis(1));
      raceAcks(leased);
      for (LeasedJob job : rig().dequeue(100)) {
        assertThat(rig().complete(job).isApplied()).isTrue();
      }
    }
  }

  /** One acks the jobs one by one, the other takes them back two by two. */
  private void raceAcks(List<LeasedJob> leased) {
    Rig.Client client = rig().client();
    Callable<List<JobId>> acker =
        () -> {
          List<JobId> applied = new ArrayList<>();
          for (LeasedJob job : leased) {
            if (client.ack(new Ack.Completed(job.lease())).isApplied()) {
              applied.add(job.id());
            }
          }
          return applied;
        };
    List<List<JobId>> won = Crew.run(List.of(acker, () -> touched(maintainBy(2))));
    List<JobId> all = new ArrayList<>(won.get(0));
    all.addAll(won.get(1));
    assertThat(all).containsExactlyInAnyOrderElementsOf(ids(leased));
    assertThat(won.get(0))
        .allSatisfy(id -> assertThat(rig().state(id)).isEqualTo(JobState.COMPLETED));
    assertThat(won.get(1)).allSatisfy(id -> assertThat(rig().state(id)).isEqualTo(JobState.READY));
  }
}
