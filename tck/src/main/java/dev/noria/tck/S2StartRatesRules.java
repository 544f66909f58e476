package dev.noria.tck;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.GroupPolicy;
import dev.noria.job.GroupPolicy.StartRate;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Exchange;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How fast the jobs of a group may start: token buckets under virtual time (S2.5, S2.7). */
abstract class S2StartRatesRules extends Rules {

  private void rate(int permits, Duration per, int burst) {
    GroupPolicy limited = GroupPolicy.UNLIMITED.withStartRate(new StartRate(permits, per, burst));
    admin().setPolicy(Rig.QUEUE, QueuePolicy.UNLIMITED.withDefaults(limited), rig().now());
  }

  private void fill(String group, int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(rig().job(job -> job.group(group)));
    }
    rig().enqueue(jobs);
  }

  private int started() {
    return rig().dequeue(1_000).size();
  }

  @Test
  void s2_5_theBucketStartsFullAndFillsWithTime() {
    rate(2, SECOND, 3);
    fill("a", 100);
    assertThat(started()).isEqualTo(3);
    assertThat(started()).isZero();
    rig().time.advance(SECOND);
    assertThat(started()).isEqualTo(2);
    rig().time.advance(Duration.ofMillis(500));
    assertThat(started()).isEqualTo(1);
  }

  @Test
  void s2_5_anIdleBucketHoldsNoMoreThanItsBurst() {
    rate(100, SECOND, 7);
    fill("a", 100);
    assertThat(started()).isEqualTo(7);
    rig().time.advance(HOUR);
    assertThat(started()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"1, 1000, 1", "3, 1000, 1", "7, 100, 2", "1, 60000, 5", "1000, 1000, 10"})
  void s2_5_theRateHoldsOverALongTime(int permits, long perMillis, int burst) {
    rate(permits, Duration.ofMillis(perMillis), burst);
    fill("a", 1_500);
    Instant begin = rig().now();
    int count = started();
    double earned = 0;
    for (int i = 0; i < 400; i++) {
      Instant next = requireNonNull(rig().look(Rig.QUEUE, 1_000).nextDue(), "next token");
      rig().time.advance(Duration.between(rig().now(), next));
      count += started();
      earned = (double) Duration.between(begin, rig().now()).toMillis() * permits / perMillis;
      assertThat((double) count).isLessThanOrEqualTo(burst + earned + 0.001);
    }
    assertThat((double) count).as("a bucket is used to the full").isGreaterThan(earned * 0.95 - 1);
  }

  @Test
  void s2_7_nextDueIsTheNextToken() {
    rate(4, SECOND, 1);
    fill("a", 100);
    Exchange first = rig().look(Rig.QUEUE, 10);
    assertThat(first.jobs()).hasSize(1);
    for (int i = 0; i < 10; i++) {
      Instant next = rig().look(Rig.QUEUE, 10).nextDue();
      assertThat(next).isEqualTo(rig().now().plusMillis(250));
      rig().time.advance(Duration.ofMillis(249));
      assertThat(started()).isZero();
      rig().time.advance(Duration.ofMillis(1));
      assertThat(started()).isEqualTo(1);
    }
  }

  @Test
  void s2_7_theEarlierOfTokenAndScheduleIsNextDue() {
    rate(1, Duration.ofSeconds(10), 1);
    fill("a", 5);
    assertThat(started()).isEqualTo(1);
    Instant soon = rig().now().plusSeconds(3);
    rig().enqueued(rig().job(job -> job.group("b").runAt(soon)));
    assertThat(rig().look(Rig.QUEUE, 5).nextDue()).isEqualTo(soon);
    rig().time.advance(Duration.ofSeconds(3));
    assertThat(started()).isEqualTo(1);
    assertThat(rig().look(Rig.QUEUE, 5).nextDue()).isEqualTo(rig().now().plusSeconds(7));
  }

  @Test
  void s2_5_aReleaseGivesTheSlotBackButNotTheToken() {
    GroupPolicy policy = new GroupPolicy(1, 1, new StartRate(1, SECOND, 2));
    admin().setPolicy(Rig.QUEUE, QueuePolicy.UNLIMITED.withDefaults(policy), rig().now());
    fill("a", 5);
    LeasedJob first = rig().dequeueOne();
    assertThat(started()).as("the slot is taken").isZero();
    rig().release(first);
    LeasedJob again = rig().dequeueOne();
    assertThat(again.id()).isEqualTo(first.id());
    rig().release(again);
    assertThat(started()).as("both tokens are spent").isZero();
    rig().time.advance(SECOND);
    assertThat(started()).isEqualTo(1);
  }

  @Test
  void s2_5_aRetryNeedsATokenOfItsOwn() {
    rate(1, SECOND, 1);
    fill("a", 1);
    LeasedJob held = rig().dequeueOne();
    rig().retry(held, rig().now());
    assertThat(started()).isZero();
    rig().time.advance(SECOND);
    assertThat(rig().dequeueOne().attempt()).isEqualTo(2);
  }

  @Test
  void s2_5_groupsHaveTheirOwnBuckets() {
    rate(1, SECOND, 2);
    fill("a", 10);
    fill("b", 10);
    rig().enqueue(rig().jobs(10));
    assertThat(started()).as("2 of each group, 10 without group").isEqualTo(14);
    assertThat(started()).isZero();
  }

  @Test
  void s2_5_anEmptyBucketHidesNobody() {
    rate(1, HOUR, 1);
    fill("a", 2_000);
    assertThat(started()).isEqualTo(1);
    fill("b", 1);
    assertThat(rig().dequeue(1)).extracting(LeasedJob::group).containsExactly("b");
  }

  @Test
  void s2_5_tokensAreNotSpentOnJobsThatDoNotStart() {
    GroupPolicy policy = new GroupPolicy(1, 1, new StartRate(1, HOUR, 3));
    admin().setPolicy(Rig.QUEUE, QueuePolicy.UNLIMITED.withDefaults(policy), rig().now());
    fill("a", 5);
    for (int i = 0; i < 3; i++) {
      LeasedJob job = rig().dequeueOne();
      assertThat(started()).isZero();
      rig().complete(job);
    }
    assertThat(started()).isZero();
  }

  @Test
  void s2_5_theRateIsExactUnderManyCallers() {
    rate(1, HOUR, 20);
    fill("a", 500);
    crowd(List.of(rig().storage()));
  }

  @Test
  void s2_5_theRateIsExactAcrossTwoStorages() {
    rig().needsSharing();
    rate(1, HOUR, 20);
    fill("a", 500);
    crowd(List.of(rig().storage(), rig().openAgain()));
  }

  private void crowd(List<JobStorage> storages) {
    List<Integer> started =
        Crew.run(
            8,
            number ->
                () -> {
                  Rig.Client client = rig().client(storages.get(number % storages.size()));
                  int mine = 0;
                  for (int i = 0; i < 10; i++) {
                    mine += client.dequeue(Rig.QUEUE, 3).size();
                  }
                  return mine;
                });
    assertThat(started.stream().mapToInt(Integer::intValue).sum()).isEqualTo(20);
  }
}
