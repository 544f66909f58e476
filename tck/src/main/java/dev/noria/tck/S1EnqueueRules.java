package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Storing new jobs: receipts, ids, due instants, retention (S1.1–S1.3, S1.5, S1.8). */
abstract class S1EnqueueRules extends Rules {
  private static final Duration TICK = Duration.ofMillis(1);

  private NewJob rejectedJob() {
    return rig().job(job -> job.dependencies(Dependencies.on(List.of(rig().id()))));
  }

  @Test
  void s1_1_duplicatesAndRefusalsDoNotStopTheOthers() {
    NewJob existing = rig().enqueued(rig().job());
    NewJob first = rig().job();
    NewJob refused = rejectedJob();
    NewJob last = rig().job();
    List<EnqueueReceipt> receipts = rig().enqueue(first, existing, refused, last);
    assertThat(receipts)
        .extracting(EnqueueReceipt::status)
        .containsExactly(
            EnqueueReceipt.Status.ENQUEUED,
            EnqueueReceipt.Status.DUPLICATE,
            EnqueueReceipt.Status.REJECTED,
            EnqueueReceipt.Status.ENQUEUED);
    assertThat(leasedIds(rig().dequeue(10))).containsExactly(existing.id(), first.id(), last.id());
  }

  @Test
  void s1_1_jobsOfManyQueuesAreStoredInOneCall() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      jobs.add(rig().job("queue-" + i % 25));
    }
    rig().enqueue(jobs);
    for (int i = 0; i < 25; i++) {
      assertThat(leasedIds(rig().dequeue("queue-" + i, 10)))
          .containsExactly(
              jobs.get(i).id(),
              jobs.get(i + 25).id(),
              jobs.get(i + 50).id(),
              jobs.get(i + 75).id());
    }
  }

  @Test
  void s1_2_aRefusedJobIsNamedWithItsReasonAndNotStored() {
    NewJob refused = rejectedJob();
    EnqueueReceipt receipt = rig().enqueue(refused).get(0);
    assertThat(receipt.status()).isEqualTo(EnqueueReceipt.Status.REJECTED);
    assertThat(receipt.id()).isEqualTo(refused.id());
    assertThat(receipt.reason()).isNotBlank();
    assertThat(rig().find(refused.id())).isEmpty();
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s1_2_aRefusedJobLeavesItsIdAndKeyFree() {
    JobKey key = new JobKey("key", KeyPolicy.whileUnfinished());
    NewJob refused = rejectedJob().toBuilder().key(key).build();
    assertThat(rig().enqueue(refused).get(0).isEnqueued()).isFalse();
    rig().enqueued(rig().job(job -> job.key(key)));
    rig().enqueued(refused.toBuilder().key(null).dependencies(Dependencies.NONE).build());
  }

  @ParameterizedTest
  @EnumSource
  void s1_2_aDuplicateNamesTheStateOfTheExistingJob(JobState state) {
    NewJob existing = new Stage(rig()).in(state);
    assertThat(rig().enqueue(existing))
        .containsExactly(EnqueueReceipt.duplicate(existing.id(), state));
  }

  @ParameterizedTest
  @EnumSource
  void s1_3_anExistingIdIsLeftAlone(JobState state) {
    NewJob existing = new Stage(rig()).in(state);
    StoredJob before = rig().stored(existing.id());
    NewJob other =
        existing.toBuilder()
            .queue("elsewhere")
            .type("other")
            .payload(Bytes.utf8("other"))
            .priority(100)
            .runAt(rig().now().minusSeconds(1))
            .dependencies(Dependencies.NONE)
            .build();
    assertThat(rig().enqueue(other))
        .containsExactly(EnqueueReceipt.duplicate(existing.id(), state));
    assertThat(rig().stored(existing.id())).isEqualTo(before);
  }

  @Test
  void s1_3_anIdTwiceInOneCallIsStoredOnce() {
    NewJob job = rig().job();
    NewJob again = job.withPayload(Bytes.utf8("again"));
    assertThat(rig().enqueue(job, again))
        .containsExactly(
            EnqueueReceipt.enqueued(job.id()), EnqueueReceipt.duplicate(job.id(), JobState.READY));
    assertThat(rig().dequeueOne().payload()).isEqualTo(job.payload());
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s1_3_anIdWhoseJobHasVanishedIsNewAgain() {
    NewJob job = rig().enqueued(rig().job());
    rig().complete(rig().dequeueOne());
    rig().enqueued(job);
    LeasedJob second = rig().dequeueOne();
    assertThat(second.id()).isEqualTo(job.id());
    assertThat(second.attempt()).isEqualTo(1);
  }

  @Test
  void s1_3_oneIdFromManyCallersIsStoredOnce() {
    List<NewJob> jobs = rig().jobs(20);
    List<List<EnqueueReceipt>> answers = Crew.run(16, number -> () -> rig().client().enqueue(jobs));
    for (int i = 0; i < jobs.size(); i++) {
      int at = i;
      assertThat(answers.stream().filter(receipts -> receipts.get(at).isEnqueued())).hasSize(1);
    }
    assertThat(rig().dequeue(1_000)).hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(longs = {-86_400_000, -1, 0})
  void s1_5_aDueJobIsReady(long millis) {
    Instant due = rig().now().plusMillis(millis);
    NewJob job = rig().enqueued(rig().job(b -> b.runAt(due)));
    assertThat(rig().state(job.id())).isEqualTo(JobState.READY);
    LeasedJob leased = rig().dequeueOne();
    assertThat(leased.runAt()).isEqualTo(due);
    assertThat(leased.enqueuedAt()).isEqualTo(rig().now());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 1_000, 86_400_000, 3_155_760_000_000L})
  void s1_5_aLaterJobIsScheduled(long millis) {
    Instant due = rig().now().plusMillis(millis);
    NewJob job = rig().enqueued(rig().job(b -> b.runAt(due)));
    assertThat(rig().state(job.id())).isEqualTo(JobState.SCHEDULED);
    assertThat(rig().stored(job.id()).status().dueAt()).isEqualTo(due);
    assertThat(rig().dequeue(10)).isEmpty();
    rig().time.advance(Duration.ofMillis(millis - 1));
    assertThat(rig().dequeue(10)).isEmpty();
    rig().time.advance(TICK);
    assertThat(rig().dequeueOne().runAt()).isEqualTo(due);
  }

  @Test
  void s1_8_zeroRetentionVanishesWithItsAck() {
    NewJob completed = rig().enqueued(rig().job());
    rig().complete(rig().dequeueOne());
    Retention none = new Retention(Duration.ZERO, Duration.ZERO);
    NewJob dead = rig().enqueued(rig().job(job -> job.retention(none)));
    rig().kill(rig().dequeueOne());
    NewJob cancelled = rig().enqueued(rig().job(job -> job.retention(none)));
    rig().ack(new Ack.Cancelled(rig().dequeueOne().lease(), "stop"));
    assertThat(rig().storage().find(List.of(completed.id(), dead.id(), cancelled.id()), Set.of()))
        .isEmpty();
  }

  @Test
  void s1_8_aCompletedJobIsKeptForItsRetention() {
    NewJob job = rig().enqueued(rig().job(b -> b.retention(new Retention(SECOND, HOUR))));
    rig().complete(rig().dequeueOne());
    assertThat(gone(job.id(), SECOND)).isTrue();
  }

  @Test
  void s1_8_aDeadOrCancelledJobIsKeptForItsOwnRetention() {
    Retention retention = new Retention(HOUR, SECOND);
    NewJob dead = rig().enqueued(rig().job(job -> job.retention(retention)));
    rig().kill(rig().dequeueOne());
    assertThat(gone(dead.id(), SECOND)).isTrue();
    NewJob cancelled = rig().enqueued(rig().job(job -> job.retention(retention)));
    rig().ack(new Ack.Cancelled(rig().dequeueOne().lease(), "stop"));
    assertThat(gone(cancelled.id(), SECOND)).isTrue();
  }

  @Test
  void s1_8_anAckMayNameAnotherRetention() {
    NewJob longer = rig().enqueued(rig().job(b -> b.retention(new Retention(SECOND, HOUR))));
    rig().ack(new Ack.Completed(rig().dequeueOne().lease(), null, HOUR, List.of()));
    assertThat(gone(longer.id(), HOUR)).isTrue();
    NewJob none = rig().enqueued(rig().job(b -> b.retention(Retention.WITH_RESULT)));
    rig().ack(new Ack.Completed(rig().dequeueOne().lease(), null, Duration.ZERO, List.of()));
    assertThat(rig().find(none.id())).isEmpty();
    NewJob kept = rig().enqueued(rig().job());
    rig()
        .ack(
            new Ack.Completed(rig().dequeueOne().lease(), Bytes.utf8("result"), SECOND, List.of()));
    assertThat(rig().stored(kept.id()).result()).isEqualTo(Bytes.utf8("result"));
    assertThat(gone(kept.id(), SECOND)).isTrue();
  }

  /** Whether a job that has just ended is there until the retention is over, and not after. */
  private boolean gone(JobId id, Duration retention) {
    rig().maintainAll();
    Optional<StoredJob> early = rig().find(id);
    rig().time.advance(retention.minus(TICK));
    rig().maintainAll();
    assertThat(rig().find(id)).as("within its retention").isPresent().isEqualTo(early);
    rig().time.advance(TICK.plus(TICK));
    rig().maintainAll();
    return rig().find(id).isEmpty();
  }

  @Test
  void s1_8_aVanishedJobFreesItsIdForOthersToDependOnOnlyByOption() {
    NewJob gone = rig().enqueued(rig().job());
    rig().complete(rig().dequeueOne());
    Dependencies strict = Dependencies.on(List.of(gone.id()));
    Dependencies easy = strict.onMissing(Dependencies.OnMissing.COUNT_AS_DONE);
    List<EnqueueReceipt> receipts =
        rig().enqueue(rig().job(b -> b.dependencies(strict)), rig().job(b -> b.dependencies(easy)));
    assertThat(receipts.get(0).status()).isEqualTo(EnqueueReceipt.Status.REJECTED);
    assertThat(receipts.get(1).isEnqueued()).isTrue();
  }
}
