package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.NewJob;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dequeue may hand out, and the lease it makes (S2.1, S2.2). */
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

  @Test
  void s2_1_aPauseSurvivesCloseAndOpen() {
    rig().needsSurvival();
    fill(Rig.QUEUE, 2);
    admin().pause(Rig.QUEUE, rig().now());
    rig().reopen();
    assertThat(rig().look(Rig.QUEUE, 5).pausedQueues()).containsExactly(Rig.QUEUE);
    assertThat(rig().dequeue(5)).isEmpty();
  }
}
