package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.GroupPolicy;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Ack;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of running jobs, exact under any number of callers (S2.5). */
abstract class S2LimitsRules extends Rules {

  private long policy(QueuePolicy policy) {
    return admin().setPolicy(Rig.QUEUE, policy, rig().now());
  }

  private static QueuePolicy perGroup(int running) {
    return QueuePolicy.UNLIMITED.withDefaults(GroupPolicy.UNLIMITED.withMaxRunning(running));
  }

  private List<NewJob> fill(String group, int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(rig().job(job -> job.group(group)));
    }
    rig().enqueue(jobs);
    return jobs;
  }

  @Test
  void s2_5_aGroupRunsAtMostItsLimit() {
    policy(perGroup(3));
    fill("a", 10);
    fill("b", 10);
    List<LeasedJob> jobs = rig().dequeue(100);
    assertThat(jobs).hasSize(6);
    assertThat(jobs).extracting(LeasedJob::group).filteredOn("a"::equals).hasSize(3);
    assertThat(rig().dequeue(100)).isEmpty();
    rig().complete(jobs.stream().filter(job -> "b".equals(job.group())).findFirst().orElseThrow());
    assertThat(rig().dequeue(100)).extracting(LeasedJob::group).containsExactly("b");
  }

  @Test
  void s2_5_aQueueRunsAtMostItsLimit() {
    policy(QueuePolicy.UNLIMITED.withMaxRunning(4));
    fill("a", 10);
    rig().enqueue(rig().jobs(10));
    List<LeasedJob> jobs = rig().dequeue(100);
    assertThat(jobs).hasSize(4);
    assertThat(rig().dequeue(100)).isEmpty();
    rig().complete(jobs.get(0));
    rig().kill(jobs.get(1));
    assertThat(rig().dequeue(100)).hasSize(2);
  }

  @Test
  void s2_5_theTighterOfBothLimitsHolds() {
    policy(perGroup(3).withMaxRunning(4));
    fill("a", 10);
    assertThat(rig().dequeue(100)).hasSize(3);
    fill("b", 10);
    assertThat(rig().dequeue(100)).hasSize(1);
    assertThat(rig().dequeue(100)).isEmpty();
  }

  @Test
  void s2_5_jobsWithoutGroupHaveOnlyTheLimitOfTheQueue() {
    policy(perGroup(1));
    rig().enqueue(rig().jobs(10));
    assertThat(rig().dequeue(100)).hasSize(10);
  }

  @Test
  void s2_5_theLimitOfAnotherQueueDoesNotCount() {
    policy(perGroup(1).withMaxRunning(1));
    List<NewJob> others = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      others.add(rig().job(job -> job.queue("other").group("a")));
    }
    rig().enqueue(others);
    fill("a", 5);
    assertThat(rig().dequeue("other", 10)).hasSize(5);
    assertThat(rig().dequeue(10)).hasSize(1);
  }

  /** Every way in which a job stops running. */
  enum Stop {
    COMPLETED,
    DEAD,
    CANCELLED,
    RETRY,
    RELEASE,
    RECLAIM
  }

  @ParameterizedTest
  @EnumSource
  void s2_5_everyEndOfALeaseGivesTheSlotBackOnce(Stop stop) {
    policy(perGroup(2));
    fill("a", 10);
    List<LeasedJob> held = rig().dequeue(10);
    assertThat(held).hasSize(2);
    int free = stop(held.get(0), stop);
    assertThat(rig().dequeue(10)).hasSize(free);
    assertThat(rig().dequeue(10)).isEmpty();
  }

  private int stop(LeasedJob held, Stop how) {
    switch (how) {
      case COMPLETED -> rig().complete(held);
      case DEAD -> rig().kill(held);
      case CANCELLED -> rig().ack(new Ack.Cancelled(held.lease(), "stop"));
      case RETRY -> rig().retry(held, rig().now());
      case RELEASE -> rig().release(held);
      case RECLAIM -> {
        assertThat(new Stage(rig()).crash().reclaimed()).hasSize(2);
        return 2;
      }
    }
    assertThat(rig().complete(held).isApplied()).as("a stale ack frees nothing").isFalse();
    return 1;
  }

  @Test
  void s2_5_anExpiredLeaseCountsUntilItIsTakenBack() {
    policy(perGroup(1));
    fill("a", 2);
    rig().dequeueOne();
    rig().time.advance(HOUR);
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s2_5_aSlotThatAnAckFreesIsUsedInTheSameExchange() {
    policy(perGroup(1));
    List<NewJob> jobs = fill("a", 2);
    LeasedJob held = rig().dequeueOne();
    DequeueRequest request = rig().main().request(Rig.QUEUE, 5);
    var exchange = rig().exchange(List.of(new Ack.Completed(held.lease())), request);
    assertThat(leasedIds(exchange.jobs())).containsExactly(jobs.get(1).id());
  }

  @Test
  void s2_5_leasesTakenBeforeThePolicyCount() {
    fill("a", 10);
    List<LeasedJob> held = rig().dequeue(3);
    policy(perGroup(4).withMaxRunning(5));
    assertThat(rig().dequeue(10)).hasSize(1);
    policy(perGroup(2));
    assertThat(rig().dequeue(10)).isEmpty();
    held.forEach(rig()::complete);
    assertThat(rig().dequeue(10)).hasSize(1);
    policy(QueuePolicy.UNLIMITED);
    assertThat(rig().dequeue(10)).hasSize(5);
  }

  @Test
  void s2_5_aSaturatedGroupHidesNobody() {
    policy(perGroup(1));
    List<NewJob> crowd = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      crowd.add(rig().job(job -> job.group("crowd").priority(100)));
    }
    rig().enqueue(crowd);
    assertThat(rig().dequeue(100)).hasSize(1);
    List<JobId> small = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      small.add(fill("small-" + i, 1).get(0).id());
    }
    assertThat(leasedIds(rig().dequeue(5))).containsExactlyInAnyOrderElementsOf(small);
  }

  @Test
  void s2_5_manySaturatedGroupsHideNobody() {
    policy(perGroup(1));
    for (int i = 0; i < 200; i++) {
      fill("busy-" + i, 3);
    }
    assertThat(rig().dequeue(1_000)).hasSize(200);
    NewJob free = fill("free", 1).get(0);
    assertThat(leasedIds(rig().dequeue(1))).containsExactly(free.id());
  }

  @Test
  void s2_5_aSaturatedOrPausedQueueHidesNoOther() {
    policy(QueuePolicy.UNLIMITED.withMaxRunning(1));
    rig().enqueue(rig().jobs(100));
    rig().dequeueOne();
    rig().enqueue(rig().job("paused"), rig().job("paused"));
    admin().pause("paused", rig().now());
    NewJob free = rig().enqueued(rig().job("free"));
    List<Demand> demands =
        List.of(new Demand(Rig.QUEUE, 9), new Demand("paused", 9), new Demand("free", 9));
    var exchange = rig().exchange(List.of(), rig().main().request(demands, 9));
    assertThat(leasedIds(exchange.jobs())).containsExactly(free.id());
  }

  @Test
  void s2_5_scheduledJobsOfASaturatedGroupHideNobody() {
    policy(perGroup(1));
    Instant due = rig().now().plusMillis(1);
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      jobs.add(rig().job(job -> job.group("busy").runAt(due)));
    }
    rig().enqueue(jobs);
    Instant later = rig().now().plusMillis(2);
    NewJob free = rig().enqueued(rig().job(job -> job.group("free").runAt(later)));
    rig().time.advance(SECOND);
    assertThat(leasedIds(rig().dequeue(10))).hasSize(2).contains(free.id());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1})
  void s2_5_aNewPolicyHoldsForTheNextDequeue(long known) {
    fill("a", 20);
    for (int limit = 1; limit <= 5; limit++) {
      long version = policy(perGroup(limit));
      DequeueRequest plain = rig().main().request(Rig.QUEUE, 10);
      DequeueRequest request =
          new DequeueRequest(
              plain.owner(),
              plain.nonce(),
              plain.expiresAt(),
              plain.demands(),
              plain.total(),
              plain.maxBytes(),
              false,
              known * version);
      assertThat(rig().exchange(List.of(), request).jobs()).hasSize(1);
    }
  }

  @Test
  void s2_5_aNewPolicyHoldsForAnotherStorageToo() {
    rig().needsSharing();
    fill("a", 10);
    Rig.Client second = rig().client(rig().openAgain());
    assertThat(second.dequeue(Rig.QUEUE, 1)).hasSize(1);
    policy(perGroup(2));
    assertThat(second.dequeue(Rig.QUEUE, 10)).hasSize(1);
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s2_5_runningJobsCountAfterCloseAndOpen() {
    rig().needsSurvival();
    policy(perGroup(2).withMaxRunning(3));
    fill("a", 5);
    fill("b", 5);
    List<LeasedJob> held = rig().dequeue(10);
    assertThat(held).hasSize(3);
    rig().reopen();
    assertThat(rig().dequeue(10)).isEmpty();
    rig().complete(held.get(0));
    assertThat(rig().dequeue(10)).hasSize(1);
  }

  @Test
  void s2_5_limitsAreExactUnderSixteenCallers() {
    policy(perGroup(3).withMaxRunning(5));
    fill("a", 400);
    fill("b", 400);
    crowd(List.of(rig().storage()));
  }

  @Test
  void s2_5_limitsAreExactAcrossTwoStorages() {
    rig().needsSharing();
    policy(perGroup(3).withMaxRunning(5));
    fill("a", 400);
    fill("b", 400);
    crowd(List.of(rig().storage(), rig().openAgain()));
  }

  /** First all ask without giving back: the limit is reached. Then they come and go. */
  private void crowd(List<JobStorage> storages) {
    AtomicInteger all = new AtomicInteger();
    Map<String, AtomicInteger> groups = new ConcurrentHashMap<>();
    List<List<LeasedJob>> first =
        Crew.run(
            16,
            number -> () -> rig().client(storages.get(number % storages.size())).dequeue("q", 2));
    List<LeasedJob> held = first.stream().flatMap(List::stream).toList();
    assertThat(held).hasSize(5);
    held.forEach(rig()::complete);
    Crew.run(
        16,
        number ->
            () -> {
              Rig.Client client = rig().client(storages.get(number % storages.size()));
              for (int i = 0; i < 15; i++) {
                List<LeasedJob> mine = client.dequeue(Rig.QUEUE, 1 + number % 3);
                for (LeasedJob job : mine) {
                  assertThat(all.incrementAndGet()).isLessThanOrEqualTo(5);
                  assertThat(count(groups, job).incrementAndGet()).isLessThanOrEqualTo(3);
                }
                for (LeasedJob job : mine) {
                  all.decrementAndGet();
                  count(groups, job).decrementAndGet();
                  client.ack(new Ack.Completed(job.lease()));
                }
              }
              return number;
            });
    assertThat(rig().dequeue(100)).hasSize(5);
  }

  private static AtomicInteger count(Map<String, AtomicInteger> groups, LeasedJob job) {
    return groups.computeIfAbsent(String.valueOf(job.group()), group -> new AtomicInteger());
  }
}
