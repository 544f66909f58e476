package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
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
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a newcomer meets at a key, by the holder's policy and state (S1.4). */
abstract class S1KeysRules extends Rules {
  private static final Duration WINDOW = Duration.ofHours(5);

  static List<KeyPolicy> policies() {
    return List.of(
        KeyPolicy.whileUnfinished(),
        KeyPolicy.whileWaiting(),
        KeyPolicy.forWindow(WINDOW),
        KeyPolicy.untilPurged());
  }

  static List<KeyPolicy> policiesThatEndWithTheJob() {
    return List.of(KeyPolicy.whileUnfinished(), KeyPolicy.whileWaiting(), KeyPolicy.untilPurged());
  }

  private static JobKey key(KeyPolicy policy) {
    return new JobKey("key", policy);
  }

  private static UnaryOperator<NewJob.Builder> with(KeyPolicy policy) {
    return job -> job.key(key(policy)).retention(Stage.KEPT);
  }

  private NewJob newcomer(KeyPolicy policy) {
    return rig().job(with(policy));
  }

  private static boolean holds(KeyPolicy policy, JobState state) {
    return switch (policy.until()) {
      case STARTED -> state.isWaiting();
      case FINISHED -> !state.isFinished();
      case PURGED, WINDOW -> true;
    };
  }

  @ParameterizedTest
  @EnumSource
  void s1_4_aHolderOfAnyStateIsKept(JobState state) {
    for (KeyPolicy policy : policies()) {
      UnaryOperator<NewJob.Builder> own =
          job -> with(policy).apply(job).key(new JobKey(policy.until().name(), policy));
      NewJob holder = new Stage(rig()).in(state, own);
      NewJob newcomer = rig().job(own);
      EnqueueReceipt expected =
          holds(policy, state)
              ? EnqueueReceipt.duplicate(holder.id(), state)
              : EnqueueReceipt.enqueued(newcomer.id());
      assertThat(rig().enqueue(newcomer)).as(policy.until().name()).containsExactly(expected);
      rig().dequeue(1_000).forEach(rig()::complete);
    }
  }

  @ParameterizedTest
  @EnumSource
  void s1_4_onlyAWaitingHolderIsReplaced(JobState state) {
    for (KeyPolicy plain : policies()) {
      KeyPolicy policy = plain.replacing();
      UnaryOperator<NewJob.Builder> own =
          job -> with(policy).apply(job).key(new JobKey(policy.until().name(), policy));
      NewJob holder = new Stage(rig()).in(state, own);
      StoredJob before = rig().stored(holder.id());
      NewJob newcomer = rig().job(job -> own.apply(job).payload(Bytes.utf8("new")));
      EnqueueReceipt receipt = rig().enqueue(newcomer).get(0);
      if (state.isWaiting()) {
        assertThat(receipt).isEqualTo(EnqueueReceipt.replaced(holder.id()));
        assertThat(rig().stored(holder.id()).job().payload()).isEqualTo(Bytes.utf8("new"));
        assertThat(rig().find(newcomer.id())).isEmpty();
      } else if (holds(policy, state)) {
        assertThat(receipt).isEqualTo(EnqueueReceipt.duplicate(holder.id(), state));
        assertThat(rig().stored(holder.id())).isEqualTo(before);
      } else {
        assertThat(receipt).isEqualTo(EnqueueReceipt.enqueued(newcomer.id()));
        assertThat(rig().stored(holder.id())).isEqualTo(before);
      }
      rig().dequeue(1_000).forEach(rig()::complete);
    }
  }

  @Test
  void s1_4_aReplacementBringsPayloadHeadersAndDueInstant() {
    KeyPolicy policy = KeyPolicy.whileUnfinished().replacing();
    NewJob holder =
        rig().enqueued(rig().job(job -> job.key(key(policy)).header("old", "1").priority(7)));
    Instant due = rig().now().plusSeconds(30);
    NewJob newcomer =
        rig()
            .job(
                job ->
                    job.key(key(policy)).payload(Bytes.utf8("new")).header("new", "2").runAt(due));
    assertThat(rig().enqueue(newcomer)).containsExactly(EnqueueReceipt.replaced(holder.id()));
    StoredJob stored = rig().stored(holder.id());
    assertThat(stored.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(stored.status().dueAt()).isEqualTo(due);
    assertThat(rig().dequeue(5)).isEmpty();
    rig().time.advance(Duration.ofSeconds(30));
    LeasedJob leased = rig().dequeueOne();
    assertThat(leased.id()).isEqualTo(holder.id());
    assertThat(leased.payload()).isEqualTo(Bytes.utf8("new"));
    assertThat(leased.headers()).containsOnlyKeys("new");
    assertThat(leased.priority()).isEqualTo(7);
    assertThat(leased.attempt()).isEqualTo(1);
  }

  @Test
  void s1_4_aReplacementMayBringAJobForward() {
    KeyPolicy policy = KeyPolicy.whileUnfinished().replacing();
    Instant late = rig().now().plusSeconds(100);
    NewJob holder = rig().enqueued(rig().job(job -> job.key(key(policy)).runAt(late)));
    assertThat(rig().enqueue(newcomer(policy)))
        .containsExactly(EnqueueReceipt.replaced(holder.id()));
    assertThat(rig().state(holder.id())).isEqualTo(JobState.READY);
    assertThat(rig().dequeueOne().id()).isEqualTo(holder.id());
  }

  @Test
  void s1_4_aDebouncedJobRunsOnceWithTheLastPayload() {
    KeyPolicy policy = KeyPolicy.whileUnfinished().replacing();
    for (int i = 0; i < 20; i++) {
      String text = "call " + i;
      Instant due = rig().now().plusSeconds(5);
      rig().enqueue(rig().job(job -> job.key(key(policy)).payload(Bytes.utf8(text)).runAt(due)));
      rig().time.advance(SECOND);
      assertThat(rig().dequeue(5)).isEmpty();
    }
    rig().time.advance(Duration.ofSeconds(4));
    assertThat(rig().dequeue(5))
        .extracting(job -> job.payload().toUtf8())
        .containsExactly("call 19");
  }

  @Test
  void s1_4_theNewcomersPolicySettlesTheConflict() {
    NewJob holder = rig().enqueued(newcomer(KeyPolicy.whileUnfinished()));
    assertThat(rig().enqueue(newcomer(KeyPolicy.whileWaiting().replacing())))
        .containsExactly(EnqueueReceipt.replaced(holder.id()));
    NewJob second =
        rig().enqueued(rig().job(job -> job.key(new JobKey("b", policies().get(1).replacing()))));
    assertThat(rig().enqueue(rig().job(job -> job.key(new JobKey("b", policies().get(0))))))
        .containsExactly(EnqueueReceipt.duplicate(second.id(), JobState.READY));
  }

  @Test
  void s1_4_theHoldersPolicySaysWhenTheKeyIsFree() {
    rig().enqueued(newcomer(KeyPolicy.whileUnfinished()));
    rig().dequeueOne();
    assertThat(rig().enqueue(newcomer(KeyPolicy.whileWaiting())))
        .extracting(EnqueueReceipt::status)
        .containsExactly(EnqueueReceipt.Status.DUPLICATE);
    JobKey other = new JobKey("other", KeyPolicy.whileWaiting());
    rig().enqueued(rig().job(job -> job.key(other)));
    rig().dequeueOne();
    rig().enqueued(rig().job(b -> b.key(new JobKey("other", KeyPolicy.whileUnfinished()))));
  }

  @Test
  void s1_4_aKeyTwiceInOneCallIsTakenOnce() {
    for (KeyPolicy policy : policies()) {
      JobKey key = new JobKey(policy.until().name(), policy);
      JobKey replacing = new JobKey(policy.until().name(), policy.replacing());
      UnaryOperator<NewJob.Builder> kept = job -> job.retention(Retention.WITH_RESULT);
      NewJob first = rig().job(job -> kept.apply(job).key(key));
      NewJob second = rig().job(job -> kept.apply(job).key(key));
      NewJob third = rig().job(job -> kept.apply(job).key(replacing).payload(Bytes.utf8("third")));
      assertThat(rig().enqueue(first, second, third))
          .containsExactly(
              EnqueueReceipt.enqueued(first.id()),
              EnqueueReceipt.duplicate(first.id(), JobState.READY),
              EnqueueReceipt.replaced(first.id()));
      assertThat(rig().dequeue(10))
          .extracting(job -> job.payload().toUtf8())
          .containsExactly("third");
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void s1_4_theSameKeyInAnotherQueueIsAnotherKey(KeyPolicy policy) {
    rig().enqueued(newcomer(policy));
    rig().enqueued(newcomer(policy).toBuilder().queue("other").build());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void s1_4_anotherKeyInTheSameQueueIsFree(KeyPolicy policy) {
    rig().enqueued(newcomer(policy));
    rig().enqueued(newcomer(policy).toBuilder().key(new JobKey("key2", policy)).build());
    rig().enqueued(newcomer(policy).toBuilder().key(null).build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"COMPLETED", "DEAD", "CANCELLED"})
  void s1_4_aWindowOutlivesItsJob(JobState end) {
    Retention none = new Retention(Duration.ZERO, Duration.ZERO);
    KeyPolicy policy = KeyPolicy.forWindow(Duration.ofSeconds(60));
    NewJob holder = rig().enqueued(newcomer(policy).toBuilder().retention(none).build());
    LeasedJob held = rig().dequeueOne();
    switch (end) {
      case DEAD -> rig().kill(held);
      case CANCELLED -> rig().ack(new Ack.Cancelled(held.lease(), "stop"));
      default -> rig().complete(held);
    }
    assertThat(rig().find(holder.id())).isEmpty();
    rig().time.advance(Duration.ofMillis(59_999));
    rig().maintainAll();
    EnqueueReceipt receipt = rig().enqueue(newcomer(policy)).get(0);
    assertThat(receipt.status()).isEqualTo(EnqueueReceipt.Status.DUPLICATE);
    assertThat(receipt.id()).isEqualTo(holder.id());
    rig().time.advance(Duration.ofMillis(2));
    rig().enqueued(newcomer(policy));
  }

  @Test
  void s1_4_aWindowEndsAlthoughItsHolderWaits() {
    KeyPolicy policy = KeyPolicy.forWindow(Duration.ofSeconds(60));
    Instant late = rig().now().plusSeconds(3_600);
    rig().enqueued(rig().job(job -> job.key(key(policy)).runAt(late)));
    rig().time.advance(Duration.ofMillis(60_001));
    NewJob second = rig().enqueued(newcomer(policy));
    assertThat(rig().enqueue(newcomer(policy)))
        .containsExactly(EnqueueReceipt.duplicate(second.id(), JobState.READY));
  }

  @ParameterizedTest
  @MethodSource("policiesThatEndWithTheJob")
  void s1_4_noEntryExpiresWhileItsHolderIsUnfinished(KeyPolicy policy) {
    Instant late = rig().now().plus(Duration.ofDays(10_000));
    NewJob holder = rig().enqueued(newcomer(policy).toBuilder().runAt(late).build());
    rig().time.advance(Duration.ofDays(9_999));
    rig().maintainAll();
    assertThat(rig().enqueue(newcomer(policy)))
        .containsExactly(EnqueueReceipt.duplicate(holder.id(), JobState.SCHEDULED));
  }

  @Test
  void s1_4_untilPurgedAnswersUntilTheRetentionIsOver() {
    KeyPolicy policy = KeyPolicy.untilPurged();
    NewJob holder = rig().enqueued(newcomer(policy));
    rig().complete(rig().dequeueOne());
    rig().time.advance(HOUR.minusMillis(1));
    rig().maintainAll();
    assertThat(rig().enqueue(newcomer(policy)))
        .containsExactly(EnqueueReceipt.duplicate(holder.id(), JobState.COMPLETED));
    rig().time.advance(Duration.ofMillis(2));
    rig().maintainAll();
    rig().enqueued(newcomer(policy));
  }

  @Test
  void s1_4_anExistingIdIsFoundBeforeItsKey() {
    NewJob existing = rig().enqueued(rig().job());
    NewJob holder = rig().enqueued(newcomer(KeyPolicy.whileUnfinished()));
    NewJob both = existing.toBuilder().key(holder.key()).build();
    assertThat(rig().enqueue(both))
        .containsExactly(EnqueueReceipt.duplicate(existing.id(), JobState.READY));
    NewJob other = existing.toBuilder().key(new JobKey("free", KeyPolicy.whileWaiting())).build();
    rig().enqueue(other);
    rig().enqueued(rig().job(job -> job.key(other.key())));
  }
}
