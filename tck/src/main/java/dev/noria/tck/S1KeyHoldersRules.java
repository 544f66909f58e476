package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a holder loses its key and takes it back (S1.4). */
abstract class S1KeyHoldersRules extends Rules {
  private static final JobKey WAITING = new JobKey("key", KeyPolicy.whileWaiting());
  private static final JobKey UNFINISHED = new JobKey("key", KeyPolicy.whileUnfinished());

  /** How a leased job comes to wait again. */
  enum Return {
    RETRY_NOW,
    RETRY_LATER,
    RELEASE,
    RELEASE_LATER,
    RECLAIM
  }

  /** How a job ends. */
  enum End {
    COMPLETED,
    DEAD,
    CANCELLED,
    POISON
  }

  private NewJob with(JobKey key) {
    return rig().job(job -> job.key(key));
  }

  private void holds(JobKey key, NewJob holder) {
    EnqueueReceipt receipt = rig().enqueue(with(key)).get(0);
    assertThat(receipt.status()).isEqualTo(EnqueueReceipt.Status.DUPLICATE);
    assertThat(receipt.id()).isEqualTo(holder.id());
  }

  private void comesBack(LeasedJob held, Return how) {
    var later = rig().now().plusSeconds(10);
    switch (how) {
      case RETRY_NOW -> rig().retry(held, rig().now());
      case RETRY_LATER -> rig().retry(held, later);
      case RELEASE -> rig().release(held);
      case RELEASE_LATER -> rig().ack(new Ack.Released(held.lease(), later, "snoozed"));
      case RECLAIM -> assertThat(new Stage(rig()).crash().reclaimed()).contains(held.id());
    }
    assertThat(rig().state(held.id()).isWaiting()).isTrue();
  }

  private void ends(LeasedJob held, End how) {
    switch (how) {
      case COMPLETED -> rig().complete(held);
      case DEAD -> rig().kill(held);
      case CANCELLED -> rig().ack(new Ack.Cancelled(held.lease(), "stop"));
      case POISON -> poison(held);
    }
  }

  private void poison(LeasedJob held) {
    Stage stage = new Stage(rig());
    LeasedJob job = held;
    for (int i = 0; i < 3; i++) {
      stage.start(job);
      stage.crash();
      List<LeasedJob> again = rig().dequeue(1);
      job = again.isEmpty() ? job : again.get(0);
    }
    assertThat(rig().state(held.id())).isEqualTo(JobState.DEAD);
  }

  @ParameterizedTest
  @EnumSource
  void s1_4_aReturningHolderTakesAFreeKeyBack(Return how) {
    NewJob holder = rig().enqueued(with(WAITING));
    comesBack(rig().dequeueOne(), how);
    holds(WAITING, holder);
  }

  @ParameterizedTest
  @EnumSource
  void s1_4_aReturningHolderGoesOnWithoutATakenKey(Return how) {
    NewJob first = rig().enqueued(with(WAITING));
    LeasedJob held = rig().dequeueOne();
    NewJob second = rig().enqueued(with(WAITING));
    comesBack(held, how);
    holds(WAITING, second);
    rig().time.advance(Duration.ofSeconds(10));
    assertThat(leasedIds(rig().dequeue(10))).containsExactlyInAnyOrder(first.id(), second.id());
  }

  @ParameterizedTest
  @EnumSource
  void s1_4_aReturningHolderKeepsAKeyThatItNeverLost(Return how) {
    NewJob holder = rig().enqueued(with(UNFINISHED));
    comesBack(rig().dequeueOne(), how);
    holds(UNFINISHED, holder);
    rig().time.advance(Duration.ofSeconds(10));
    rig().complete(rig().dequeueOne());
    rig().enqueued(with(UNFINISHED));
  }

  @ParameterizedTest
  @EnumSource
  void s1_4_theEndOfAJobFreesItsKey(End how) {
    rig().enqueued(with(UNFINISHED));
    ends(rig().dequeueOne(), how);
    NewJob second = rig().enqueued(with(UNFINISHED));
    holds(UNFINISHED, second);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "POISON")
  void s1_4_theEndOfAJobSparesTheNextHolder(End how) {
    rig().enqueued(with(WAITING));
    LeasedJob held = rig().dequeueOne();
    NewJob second = rig().enqueued(with(WAITING));
    ends(held, how);
    holds(WAITING, second);
  }

  @Test
  void s1_4_aJobWithoutItsKeyDoesNotFreeTheOthers() {
    rig().enqueued(with(WAITING));
    LeasedJob held = rig().dequeueOne();
    NewJob second = rig().enqueued(with(WAITING));
    rig().retry(held, rig().now().minusSeconds(1));
    List<LeasedJob> both = rig().dequeue(10);
    assertThat(both).hasSize(2);
    NewJob third = rig().enqueued(with(WAITING));
    both.forEach(rig()::complete);
    holds(WAITING, third);
    assertThat(rig().find(second.id())).isEmpty();
  }

  @Test
  void s1_4_aPassedDeadlineFreesTheKey() {
    rig().enqueued(with(UNFINISHED).toBuilder().deadline(rig().now().plusSeconds(1)).build());
    rig().time.advance(Duration.ofSeconds(2));
    assertThat(rig().look(Rig.QUEUE, 10).ended()).hasSize(1);
    rig().enqueued(with(UNFINISHED));
  }

  @Test
  void s1_4_anOperatorsCancelFreesTheKey() {
    NewJob holder = rig().enqueued(with(UNFINISHED));
    admin().cancel(List.of(holder.id()), rig().now());
    assertThat(rig().state(holder.id())).isEqualTo(JobState.CANCELLED);
    rig().enqueued(with(UNFINISHED));
  }

  @Test
  void s1_4_aDeleteFreesTheKey() {
    NewJob waiting = rig().enqueued(with(UNFINISHED));
    admin().delete(List.of(waiting.id()), rig().now());
    Retention kept = Retention.WITH_RESULT;
    JobKey purged = new JobKey("purged", KeyPolicy.untilPurged());
    NewJob finished = rig().enqueued(rig().job(job -> job.key(purged).retention(kept)));
    rig().complete(rig().dequeueOne());
    admin().delete(List.of(finished.id()), rig().now());
    rig().enqueued(with(UNFINISHED));
    rig().enqueued(rig().job(job -> job.key(purged).retention(kept)));
  }

  @Test
  void s1_4_clearingAQueueFreesItsKeys() {
    rig().enqueued(with(UNFINISHED));
    NewJob elsewhere = rig().enqueued(with(UNFINISHED).toBuilder().queue("other").build());
    assertThat(admin().clear(Rig.QUEUE, 10, rig().now())).isEqualTo(1);
    rig().enqueued(with(UNFINISHED));
    assertThat(rig().enqueue(with(UNFINISHED).toBuilder().queue("other").build()))
        .containsExactly(EnqueueReceipt.duplicate(elsewhere.id(), JobState.READY));
  }

  @Test
  void s1_4_aReplayTakesAFreeKeyOrIsRefused() {
    NewJob first = rig().enqueued(with(UNFINISHED));
    rig().kill(rig().dequeueOne());
    NewJob second = rig().enqueued(with(UNFINISHED));
    assertThat(admin().replay(List.of(first.id()), rig().now()))
        .extracting(receipt -> receipt.status())
        .containsExactly(ChangeStatus.KEY_TAKEN);
    assertThat(rig().state(first.id())).isEqualTo(JobState.DEAD);
    holds(UNFINISHED, second);
    rig().complete(rig().dequeueOne());
    assertThat(admin().replay(List.of(first.id()), rig().now()))
        .extracting(receipt -> receipt.status())
        .containsExactly(ChangeStatus.APPLIED);
    holds(UNFINISHED, first);
  }

  @Test
  void s1_4_keysSurviveCloseAndOpen() {
    rig().needsSurvival();
    NewJob holder = rig().enqueued(with(UNFINISHED));
    rig().reopen();
    holds(UNFINISHED, holder);
    rig().complete(rig().dequeueOne());
    rig().reopen();
    rig().enqueued(with(UNFINISHED));
  }
}
