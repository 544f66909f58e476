package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.GroupPolicy;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.LeasedJob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the groups of a queue share it (S2.5). */
abstract class S2GroupsRules extends Rules {

  private List<NewJob> fill(String group, int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(rig().job(job -> job.group(group)));
    }
    rig().enqueue(jobs);
    return jobs;
  }

  private void weights(Map<String, Integer> weights) {
    Map<String, GroupPolicy> overrides = new HashMap<>();
    weights.forEach((group, weight) -> overrides.put(group, weight(weight)));
    admin().setPolicy(Rig.QUEUE, QueuePolicy.UNLIMITED.withOverrides(overrides), rig().now());
  }

  private static GroupPolicy weight(int weight) {
    return GroupPolicy.UNLIMITED.withWeight(weight);
  }

  /** How many jobs of each group come out of {@code calls} dequeues of {@code size}. */
  private Map<String, Integer> shares(int calls, int size) {
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < calls; i++) {
      List<LeasedJob> jobs = rig().dequeue(size);
      assertThat(jobs).hasSize(size);
      jobs.forEach(job -> shares.merge(String.valueOf(job.group()), 1, Integer::sum));
    }
    return shares;
  }

  @Test
  void s2_5_groupsShareEvenly() {
    for (String group : List.of("a", "b", "c", "d")) {
      fill(group, 200);
    }
    assertThat(shares(40, 10).values())
        .hasSize(4)
        .allSatisfy(share -> assertThat(share).isBetween(90, 110));
  }

  @Test
  void s2_5_groupsShareEvenlyAlsoOneByOne() {
    for (int i = 0; i < 5; i++) {
      fill("group-" + i, 20);
    }
    assertThat(shares(20, 1).values())
        .hasSize(5)
        .allSatisfy(share -> assertThat(share).isBetween(3, 5));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 10, 100})
  void s2_5_weightsAreShares(int size) {
    weights(Map.of("heavy", 3, "light", 1));
    fill("light", 400);
    fill("heavy", 400);
    Map<String, Integer> shares = shares(400 / size, size);
    assertThat(shares.get("heavy")).isBetween(280, 320);
    assertThat(shares.get("light")).isBetween(80, 120);
  }

  @Test
  void s2_5_theFullRangeOfWeightsIsTaken() {
    weights(Map.of("heavy", 1_000, "light", 1));
    fill("heavy", 2_500);
    fill("light", 10);
    Map<String, Integer> shares = shares(20, 101);
    assertThat(shares.get("light")).isBetween(1, 4);
  }

  @Test
  void s2_5_aWeightLoweredInTheMiddleOfATurnGivesNoMoreThanAsked() {
    weights(Map.of("g", 10));
    fill("g", 40);
    assertThat(rig().dequeue(5)).hasSize(5);
    weights(Map.of("g", 3));
    assertThat(rig().dequeue(5)).hasSize(5);
    weights(Map.of("g", 1));
    assertThat(rig().dequeue(2)).hasSize(2);
  }

  @Test
  void s2_5_aGroupAloneGetsEverything() {
    weights(Map.of("light", 1, "heavy", 100));
    List<NewJob> jobs = fill("light", 30);
    assertThat(leasedIds(rig().dequeue(100))).containsExactlyElementsOf(idsOf(jobs));
  }

  @Test
  void s2_5_aBigGroupDoesNotHideASmallOne() {
    fill("big", 5_000);
    NewJob small = fill("small", 1).get(0);
    assertThat(leasedIds(rig().dequeue(10))).contains(small.id());
  }

  @Test
  void s2_5_aNewGroupIsServedSoon() {
    fill("big", 1_000);
    shares(100, 1);
    NewJob small = fill("small", 1).get(0);
    List<JobId> next = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      next.addAll(leasedIds(rig().dequeue(1)));
    }
    assertThat(next).contains(small.id());
  }

  @Test
  void s2_5_theRingComesBeforePriority() {
    List<NewJob> urgent = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      urgent.add(rig().job(job -> job.group("urgent").priority(100)));
    }
    rig().enqueue(urgent);
    fill("normal", 100);
    assertThat(shares(4, 10).get("normal")).isBetween(15, 25);
  }

  @Test
  void s2_5_insideAGroupTheOrderOfTheLineHolds() {
    List<NewJob> a = fill("a", 5);
    List<NewJob> b = fill("b", 5);
    NewJob urgent = rig().enqueued(rig().job(job -> job.group("a").priority(1)));
    List<LeasedJob> leased = rig().dequeue(100);
    List<JobId> ofA = new ArrayList<>(List.of(urgent.id()));
    ofA.addAll(idsOf(a));
    assertThat(leasedIds(of("a", leased))).containsExactlyElementsOf(ofA);
    assertThat(leasedIds(of("b", leased))).containsExactlyElementsOf(idsOf(b));
  }

  private static List<LeasedJob> of(String group, List<LeasedJob> jobs) {
    return jobs.stream().filter(job -> group.equals(job.group())).toList();
  }

  @Test
  void s2_5_jobsWithoutGroupShareLikeAGroup() {
    fill("a", 100);
    rig().enqueue(rig().jobs(100));
    assertThat(shares(4, 10).get("null")).isBetween(15, 25);
  }

  @Test
  void s2_5_anEmptyGroupComesBack() {
    fill("a", 3);
    fill("b", 3);
    assertThat(rig().dequeue(6)).hasSize(6);
    assertThat(rig().dequeue(1)).isEmpty();
    List<NewJob> again = fill("a", 2);
    assertThat(leasedIds(rig().dequeue(5))).containsExactlyElementsOf(idsOf(again));
  }

  @Test
  void s2_5_thousandGroupsOfOneJobAreAllServed() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      String group = "tenant-" + i;
      jobs.add(rig().job(job -> job.group(group)));
    }
    rig().enqueue(jobs);
    List<JobId> seen = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      seen.addAll(leasedIds(rig().dequeue(10)));
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(idsOf(jobs));
  }

  @Test
  void s2_5_scheduledJobsOfGroupsShareToo() {
    var due = rig().now().plusSeconds(1);
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String group = i < 100 ? "a" : "b";
      jobs.add(rig().job(job -> job.group(group).runAt(due)));
    }
    rig().enqueue(jobs);
    rig().time.advance(SECOND);
    assertThat(shares(4, 10).get("b")).isBetween(15, 25);
  }

  @Test
  void s2_5_tiersAndOverridesPickThePolicy() {
    QueuePolicy policy =
        QueuePolicy.UNLIMITED
            .withDefaults(GroupPolicy.UNLIMITED.withMaxRunning(1))
            .withTiers(
                Map.of("gold", GroupPolicy.UNLIMITED.withMaxRunning(3)),
                Map.of("golden", "gold", "own", "gold", "lost", "no such tier"))
            .withOverrides(Map.of("own", GroupPolicy.UNLIMITED.withMaxRunning(5)));
    admin().setPolicy(Rig.QUEUE, policy, rig().now());
    for (String group : List.of("plain", "golden", "own", "lost")) {
      fill(group, 10);
    }
    Map<String, Integer> shares = new HashMap<>();
    rig().dequeue(100).forEach(job -> shares.merge(String.valueOf(job.group()), 1, Integer::sum));
    assertThat(shares)
        .containsOnly(
            Map.entry("plain", 1),
            Map.entry("golden", 3),
            Map.entry("own", 5),
            Map.entry("lost", 1));
  }

  @Test
  void s2_5_thePolicyIsStoredWithItsQueue() {
    QueuePolicy policy =
        QueuePolicy.UNLIMITED
            .withMaxRunning(7)
            .withDefaults(new GroupPolicy(2, 3, new GroupPolicy.StartRate(4, SECOND, 5)))
            .withTiers(Map.of("gold", weight(9)), Map.of("acme", "gold"))
            .withOverrides(Map.of("big", weight(1_000), "o'hara {x}", weight(2)));
    assertThat(admin().policy(Rig.QUEUE)).isEqualTo(QueuePolicy.UNLIMITED);
    long first = admin().setPolicy(Rig.QUEUE, policy, rig().now());
    assertThat(admin().policy(Rig.QUEUE)).isEqualTo(policy);
    assertThat(admin().policy("other")).isEqualTo(QueuePolicy.UNLIMITED);
    long second = admin().setPolicy("other", policy.withMaxRunning(1), rig().now());
    assertThat(second).isGreaterThan(first);
    assertThat(admin().policy(Rig.QUEUE)).isEqualTo(policy);
  }

  @Test
  void s2_5_policiesSurviveCloseAndOpen() {
    rig().needsSurvival();
    QueuePolicy policy = QueuePolicy.UNLIMITED.withMaxRunning(2);
    long version = admin().setPolicy(Rig.QUEUE, policy, rig().now());
    rig().reopen();
    assertThat(admin().policy(Rig.QUEUE)).isEqualTo(policy);
    rig().enqueue(rig().jobs(5));
    assertThat(rig().dequeue(5)).hasSize(2);
    assertThat(admin().setPolicy(Rig.QUEUE, policy, rig().now())).isGreaterThan(version);
  }
}
