package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.job.Retention;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.EndedJob;
import dev.noria.storage.Exchange;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Leases, amounts, deadlines and the next due instant (S2.1, S2.2, S2.4, S2.6, S2.7). */
abstract class S2DequeueRules extends Rules {
  private static final Duration TICK = Duration.ofMillis(1);

  private List<NewJob> fill(String queue, int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(rig().job(queue));
    }
    rig().enqueue(jobs);
    return jobs;
  }

  private DequeueRequest bytes(long maxBytes, Demand... demands) {
    DequeueRequest plain = rig().main().request(List.of(demands), 100);
    return new DequeueRequest(
        plain.owner(),
        plain.nonce(),
        plain.expiresAt(),
        plain.demands(),
        plain.total(),
        maxBytes,
        false,
        0);
  }

  private List<LeasedJob> take(int total, Demand... demands) {
    return rig().exchange(List.of(), rig().main().request(List.of(demands), total)).jobs();
  }

  @Test
  void s2_1_onlyTheRequestedQueuesAreServed() {
    List<NewJob> wanted = fill("wanted", 3);
    fill("other", 3);
    assertThat(leasedIds(rig().dequeue("wanted", 10))).containsExactlyElementsOf(idsOf(wanted));
    assertThat(rig().dequeue("wanted", 10)).isEmpty();
    assertThat(rig().dequeue("never heard of", 10)).isEmpty();
  }

  @Test
  void s2_1_neverEarly() {
    List<Instant> dues = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      Instant due = rig().now().plusMillis(i * 7L);
      dues.add(due);
      rig().enqueued(rig().job(job -> job.runAt(due)));
    }
    int seen = 0;
    for (int i = 0; i < 400; i++) {
      rig().time.advance(TICK);
      for (LeasedJob job : rig().dequeue(10)) {
        assertThat(job.runAt()).isEqualTo(rig().now());
        seen++;
      }
    }
    assertThat(seen).isEqualTo(dues.size());
  }

  @Test
  void s2_1_aPausedQueueGivesNothingAndSaysSo() {
    List<NewJob> jobs = fill(Rig.QUEUE, 3);
    List<NewJob> others = fill("other", 3);
    admin().pause(Rig.QUEUE, rig().now());
    DequeueRequest both =
        rig().main().request(List.of(new Demand(Rig.QUEUE, 10), new Demand("other", 10)), 20);
    Exchange paused = rig().exchange(List.of(), both);
    assertThat(leasedIds(paused.jobs())).containsExactlyElementsOf(idsOf(others));
    assertThat(paused.pausedQueues()).containsExactly(Rig.QUEUE);
    admin().resume(Rig.QUEUE, rig().now());
    Exchange resumed = rig().exchange(List.of(), both);
    assertThat(leasedIds(resumed.jobs())).containsExactlyElementsOf(idsOf(jobs));
    assertThat(resumed.pausedQueues()).isEmpty();
  }

  @Test
  void s2_1_aPauseHoldsForLaterAndScheduledJobs() {
    admin().pause(Rig.QUEUE, rig().now());
    fill(Rig.QUEUE, 2);
    Instant due = rig().now().plusSeconds(1);
    rig().enqueued(rig().job(job -> job.runAt(due)));
    rig().time.advance(HOUR);
    rig().maintainAll();
    assertThat(rig().dequeue(10)).isEmpty();
    admin().resume(Rig.QUEUE, rig().now());
    assertThat(rig().dequeue(10)).hasSize(3);
  }

  @Test
  void s2_1_runningJobsOfAPausedQueueMayEnd() {
    fill(Rig.QUEUE, 2);
    LeasedJob first = rig().dequeueOne();
    LeasedJob second = rig().dequeueOne();
    admin().pause(Rig.QUEUE, rig().now());
    assertThat(rig().complete(first).isApplied()).isTrue();
    assertThat(rig().release(second).isApplied()).isTrue();
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s2_1_nothingIsDequeuedAfterPauseReturned() {
    var admin = admin();
    fill(Rig.QUEUE, 500);
    AtomicBoolean paused = new AtomicBoolean();
    Crew.run(
        4,
        number ->
            () -> {
              Rig.Client client = rig().client();
              if (number == 0) {
                admin.pause(Rig.QUEUE, rig().now());
                paused.set(true);
                return number;
              }
              for (int i = 0; i < 60; i++) {
                boolean before = paused.get();
                List<LeasedJob> jobs = client.dequeue(Rig.QUEUE, 1);
                assertThat(before && !jobs.isEmpty()).isFalse();
              }
              return number;
            });
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s2_1_aPauseHoldsForAnotherStorageToo() {
    rig().needsSharing();
    Rig.Client second = rig().client(rig().openAgain());
    fill(Rig.QUEUE, 2);
    assertThat(second.dequeue(Rig.QUEUE, 1)).hasSize(1);
    admin().pause(Rig.QUEUE, rig().now());
    assertThat(second.dequeue(Rig.QUEUE, 1)).isEmpty();
  }

  @Test
  void s2_2_aDequeueMakesALease() {
    NewJob job = rig().enqueued(rig().job());
    LeasedJob leased = rig().dequeueOne();
    assertThat(leased.lease().epoch()).isEqualTo(1);
    assertThat(leased.lease().nonce()).isEqualTo(rig().main().nonce);
    assertThat(leased.attempt()).isEqualTo(1);
    assertThat(leased.generation()).isZero();
    assertThat(leased.crashes()).isZero();
    JobStatus status = rig().stored(job.id()).status();
    assertThat(status.state()).isEqualTo(JobState.RUNNING);
    assertThat(status.epoch()).isEqualTo(1);
    assertThat(status.attempt()).isEqualTo(1);
    assertThat(status.owner()).isEqualTo(rig().main().request(Rig.QUEUE, 1).owner());
    assertThat(status.leaseExpiresAt()).isEqualTo(rig().now().plus(Rig.LEASE));
  }

  @Test
  void s2_2_epochsAndAttemptsGoUpByOne() {
    rig().enqueued(rig().job());
    for (int i = 1; i <= 12; i++) {
      LeasedJob leased = rig().dequeueOne();
      assertThat(leased.lease().epoch()).isEqualTo(i);
      assertThat(leased.attempt()).isEqualTo(i);
      rig().retry(leased, rig().now());
    }
  }

  @Test
  void s2_2_theNonceOfTheCallerIsPartOfTheLease() {
    fill(Rig.QUEUE, 2);
    Rig.Client other = rig().client();
    LeasedJob mine = rig().dequeueOne();
    LeasedJob theirs = other.dequeue(Rig.QUEUE, 1).get(0);
    assertThat(mine.lease().nonce()).isEqualTo(rig().main().nonce);
    assertThat(theirs.lease().nonce()).isEqualTo(other.nonce).isNotEqualTo(mine.lease().nonce());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
  void s2_2_anyNonceIsKept(long nonce) {
    rig().enqueued(rig().job());
    DequeueRequest plain = rig().main().request(Rig.QUEUE, 1);
    DequeueRequest request =
        new DequeueRequest(
            "ö 'worker'", nonce, plain.expiresAt(), plain.demands(), 1, 1_000, false, 0);
    LeasedJob leased = rig().exchange(List.of(), request).jobs().get(0);
    assertThat(leased.lease().nonce()).isEqualTo(nonce);
    assertThat(rig().stored(leased.id()).status().owner()).isEqualTo("ö 'worker'");
    assertThat(rig().complete(leased).isApplied()).isTrue();
  }

  @Test
  void s2_2_aRunningJobIsNotHandedOutAgain() {
    rig().enqueued(rig().job());
    rig().dequeueOne();
    rig().time.advance(HOUR);
    assertThat(rig().dequeue(10)).as("expiry alone takes no lease away").isEmpty();
  }

  @Test
  void s2_2_sixteenThreadsGetEachJobOnce() {
    int count = 2_000;
    List<NewJob> jobs = fill(Rig.QUEUE, count);
    List<JobId> all = drain(List.of(rig().storage()));
    assertThat(all).hasSize(count).doesNotHaveDuplicates();
    assertThat(new HashSet<>(all)).isEqualTo(new HashSet<>(idsOf(jobs)));
  }

  @Test
  void s2_2_twoStoragesOverOnePlaceGetEachJobOnce() {
    rig().needsSharing();
    fill(Rig.QUEUE, 2_000);
    assertThat(drain(List.of(rig().storage(), rig().openAgain())))
        .hasSize(2_000)
        .doesNotHaveDuplicates();
  }

  private List<JobId> drain(List<JobStorage> storages) {
    List<List<JobId>> taken =
        Crew.run(
            16,
            number ->
                () -> {
                  Rig.Client client = rig().client(storages.get(number % storages.size()));
                  List<JobId> mine = new ArrayList<>();
                  for (int i = 0; i < 18; i++) {
                    mine.addAll(leasedIds(client.dequeue(Rig.QUEUE, 7)));
                  }
                  return mine;
                });
    List<JobId> all = new ArrayList<>();
    taken.forEach(all::addAll);
    all.addAll(leasedIds(rig().dequeue(2_000)));
    return all;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 5", "10, 10", "11, 10", "1000, 10"})
  void s2_4_atMostTheRequestedNumber(int asked, int expected) {
    List<NewJob> jobs = fill(Rig.QUEUE, 10);
    assertThat(leasedIds(rig().dequeue(asked)))
        .containsExactlyElementsOf(idsOf(jobs).subList(0, expected));
  }

  @Test
  void s2_4_severalDemandsAreServedUpToTheTotal() {
    fill("a", 10);
    fill("b", 10);
    fill("c", 10);
    List<LeasedJob> jobs = take(12, new Demand("a", 3), new Demand("b", 5), new Demand("c", 100));
    assertThat(jobs).extracting(LeasedJob::queue).filteredOn("a"::equals).hasSize(3);
    assertThat(jobs).extracting(LeasedJob::queue).filteredOn("b"::equals).hasSize(5);
    assertThat(jobs).extracting(LeasedJob::queue).filteredOn("c"::equals).hasSize(4);
  }

  @Test
  void s2_4_theStrongestWishComesFirst() {
    fill("a", 10);
    fill("b", 10);
    assertThat(take(5, new Demand("b", 5), new Demand("a", 5)))
        .extracting(LeasedJob::queue)
        .containsOnly("b");
    assertThat(take(8, new Demand("b", 20), new Demand("a", 20)))
        .extracting(LeasedJob::queue)
        .containsExactly("b", "b", "b", "b", "b", "a", "a", "a");
  }

  @Test
  void s2_4_aTotalOfZeroAsksForNothing() {
    fill(Rig.QUEUE, 3);
    assertThat(take(0, new Demand(Rig.QUEUE, 5))).isEmpty();
    assertThat(take(5)).isEmpty();
    assertThat(rig().dequeue(10)).hasSize(3);
  }

  @Test
  void s2_4_whatNobodyAskedForStaysForOthers() {
    List<NewJob> jobs = fill(Rig.QUEUE, 100);
    Rig.Client other = rig().client();
    List<JobId> seen = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      seen.addAll(leasedIds(rig().dequeue(1)));
      seen.addAll(leasedIds(other.dequeue(Rig.QUEUE, 1)));
    }
    assertThat(seen).containsExactlyElementsOf(idsOf(jobs));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "99, 1", "100, 1", "199, 1", "200, 2", "250, 2", "299, 2", "300, 3"})
  void s2_4_payloadBytesAreBounded(long maxBytes, int expected) {
    Bytes hundred = Bytes.owned(new byte[100]);
    for (int i = 0; i < 5; i++) {
      rig().enqueued(rig().job(job -> job.payload(hundred)));
    }
    assertThat(rig().exchange(List.of(), bytes(maxBytes, new Demand(Rig.QUEUE, 10))).jobs())
        .hasSize(expected);
    assertThat(rig().dequeue(10)).hasSize(5 - expected);
  }

  @Test
  void s2_4_payloadBytesAreBoundedOverAllQueues() {
    for (String queue : List.of("a", "b")) {
      Bytes hundred = Bytes.owned(new byte[100]);
      rig().enqueued(rig().job(job -> job.queue(queue).payload(hundred)));
    }
    DequeueRequest both = bytes(150, new Demand("a", 5), new Demand("b", 5));
    assertThat(rig().exchange(List.of(), both).jobs()).hasSize(1);
    assertThat(rig().exchange(List.of(), both).jobs()).hasSize(1);
  }

  @Test
  void s2_6_aJobWhoseDeadlineHasPassedEndsExpired() {
    Instant deadline = rig().now().plusSeconds(10);
    NewJob late = rig().enqueued(rig().job(job -> job.deadline(deadline)));
    NewJob fine = rig().enqueued(rig().job());
    rig().time.advance(Duration.ofMillis(10_001));
    Exchange exchange = rig().look(Rig.QUEUE, 10);
    assertThat(leasedIds(exchange.jobs())).containsExactly(fine.id());
    assertThat(exchange.ended())
        .containsExactly(
            new EndedJob(late.id(), Rig.QUEUE, "type", JobState.DEAD, Reasons.EXPIRED));
    JobStatus status = rig().stored(late.id()).status();
    assertThat(status.state()).isEqualTo(JobState.DEAD);
    assertThat(status.reason()).isEqualTo(Reasons.EXPIRED);
    assertThat(status.finishedAt()).isEqualTo(rig().now());
    assertThat(rig().look(Rig.QUEUE, 10).ended()).as("reported once").isEmpty();
  }

  @Test
  void s2_6_aJobIsStartedUntilItsDeadlineAndMayEndAfterIt() {
    Instant deadline = rig().now().plusSeconds(10);
    rig().enqueued(rig().job(job -> job.deadline(deadline)));
    rig().time.advance(Duration.ofMillis(9_999));
    LeasedJob leased = rig().dequeueOne();
    rig().time.advance(SECOND);
    assertThat(rig().look(Rig.QUEUE, 10).ended()).isEmpty();
    assertThat(rig().complete(leased).isApplied()).isTrue();
  }

  @Test
  void s2_6_aRetryBehindTheDeadlineExpires() {
    Instant deadline = rig().now().plusSeconds(10);
    NewJob job = rig().enqueued(rig().job(b -> b.deadline(deadline)));
    rig().retry(rig().dequeueOne(), rig().now().plusSeconds(20));
    rig().time.advance(Duration.ofSeconds(20));
    Exchange exchange = rig().look(Rig.QUEUE, 10);
    assertThat(exchange.jobs()).isEmpty();
    assertThat(exchange.ended()).extracting(EndedJob::id).containsExactly(job.id());
  }

  @Test
  void s2_6_aScheduledJobExpiresToo() {
    Instant due = rig().now().plusSeconds(5);
    NewJob job = rig().enqueued(rig().job(b -> b.runAt(due).deadline(rig().now().plusSeconds(10))));
    rig().time.advance(Duration.ofSeconds(11));
    Exchange exchange = rig().look(Rig.QUEUE, 10);
    assertThat(exchange.jobs()).isEmpty();
    assertThat(exchange.ended()).extracting(EndedJob::id).containsExactly(job.id());
  }

  @Test
  void s2_6_anExpiredJobWithoutRetentionIsReportedAndVanishes() {
    Retention none = new Retention(Duration.ZERO, Duration.ZERO);
    Instant deadline = rig().now().plusSeconds(1);
    NewJob job = rig().enqueued(rig().job(b -> b.deadline(deadline).retention(none)));
    rig().time.advance(Duration.ofSeconds(2));
    assertThat(rig().look(Rig.QUEUE, 10).ended())
        .extracting(EndedJob::id)
        .containsExactly(job.id());
    assertThat(rig().find(job.id())).isEmpty();
  }

  @Test
  void s2_6_manyExpiredJobsEndInBoundedCallsAndBlockNobody() {
    Instant deadline = rig().now().plusSeconds(1);
    List<NewJob> late = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      late.add(rig().job(job -> job.deadline(deadline)));
    }
    rig().enqueue(late);
    NewJob live = rig().enqueued(rig().job());
    rig().time.advance(Duration.ofSeconds(2));
    Set<JobId> ended = new HashSet<>();
    List<JobId> served = new ArrayList<>();
    for (int call = 0; call < 10 && ended.size() < 2_500; call++) {
      Exchange exchange = rig().look(Rig.QUEUE, 10);
      assertThat(exchange.ended()).hasSizeLessThanOrEqualTo(1_000);
      exchange.ended().forEach(one -> assertThat(ended.add(one.id())).isTrue());
      served.addAll(leasedIds(exchange.jobs()));
    }
    served.addAll(leasedIds(rig().dequeue(10)));
    assertThat(ended).isEqualTo(new HashSet<>(idsOf(late)));
    assertThat(served).containsExactly(live.id());
  }

  @Test
  void s2_7_nextDueIsTheEarliestScheduledOfTheRequestedQueues() {
    Instant soon = rig().now().plusSeconds(5);
    Instant later = rig().now().plusSeconds(50);
    rig().enqueued(rig().job(job -> job.queue("other").runAt(soon)));
    assertThat(rig().look(Rig.QUEUE, 5).nextDue()).isNull();
    rig().enqueued(rig().job(job -> job.runAt(later)));
    assertThat(rig().look(Rig.QUEUE, 5).nextDue()).isEqualTo(later);
    DequeueRequest both =
        rig().main().request(List.of(new Demand(Rig.QUEUE, 5), new Demand("other", 5)), 5);
    assertThat(rig().exchange(List.of(), both).nextDue()).isEqualTo(soon);
  }

  @Test
  void s2_7_nextDueFollowsRetriesAndPromotions() {
    Instant due = rig().now().plusSeconds(5);
    rig().enqueued(rig().job(job -> job.runAt(due)));
    rig().time.advance(Duration.ofSeconds(5));
    Exchange taken = rig().look(Rig.QUEUE, 5);
    assertThat(taken.jobs()).hasSize(1);
    assertThat(taken.nextDue()).isNull();
    Instant again = rig().now().plusSeconds(30);
    rig().retry(taken.jobs().get(0), again);
    assertThat(rig().look(Rig.QUEUE, 5).nextDue()).isEqualTo(again);
  }

  @Test
  void s2_7_nextDueIsSaidAlsoWithJobs() {
    Instant due = rig().now().plusSeconds(5);
    rig().enqueue(rig().job(), rig().job(job -> job.runAt(due)));
    Exchange exchange = rig().look(Rig.QUEUE, 5);
    assertThat(exchange.jobs()).hasSize(1);
    assertThat(exchange.nextDue()).isEqualTo(due);
  }
}
