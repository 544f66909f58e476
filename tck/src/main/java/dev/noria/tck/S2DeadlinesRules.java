package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Jobs that can not be handed out any more, and the next due instant (S2.6, S2.7). */
abstract class S2DeadlinesRules extends Rules {

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

  @Test
  void s2_6_aCorruptJobEndsDeadAndBlocksNobody() {
    rig().needsSurvival();
    List<NewJob> jobs = rig().jobs(3);
    rig().enqueue(jobs);
    rig().storage().close();
    boolean damaged = rig().damage(jobs.get(1).id());
    rig().reopen();
    assumeTrue(damaged, "skipped: the suite does not say how to damage a job");
    Exchange exchange = rig().look(Rig.QUEUE, 10);
    assertThat(leasedIds(exchange.jobs())).containsExactly(jobs.get(0).id(), jobs.get(2).id());
    assertThat(exchange.ended())
        .singleElement()
        .satisfies(
            ended -> {
              assertThat(ended.id()).isEqualTo(jobs.get(1).id());
              assertThat(ended.state()).isEqualTo(JobState.DEAD);
              assertThat(ended.reason()).isEqualTo(Reasons.CORRUPT);
            });
    assertThat(rig().dequeue(10)).isEmpty();
    assertThat(rig().state(jobs.get(1).id())).as("what is left of it").isEqualTo(JobState.DEAD);
  }
}
