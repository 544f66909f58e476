package dev.noria.tck.history;

import static dev.noria.tck.history.Story.kept;
import static dev.noria.tck.history.Story.lease;
import static dev.noria.tck.history.Verdicts.passes;
import static dev.noria.tck.history.Verdicts.shows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.Durability;
import dev.noria.storage.ExtendReceipt;
import dev.noria.tck.history.Verdict.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** I6 and I16. */
final class FencesTest {
  private static Story expiredAndTakenAgain() {
    return new Story().enqueue(1, kept()).take(1, 1).at(30).take(1, 2);
  }

  @Test
  void i6_ackOfALostLeaseApplied_fencing() {
    Story story = expiredAndTakenAgain().ack(1, 1, Ack.Kind.RETRY).stored(1, JobState.READY);
    shows(story.check(), Kind.FENCING, "I6");
  }

  @Test
  void i6_ackOfALostLeaseRefused_passes() {
    Story story = expiredAndTakenAgain();
    story.ack(1, 1, Ack.Kind.COMPLETED, AckReceipt.Status.STALE);
    passes(story.stored(1, JobState.RUNNING).check(), "I6");
  }

  @Test
  void i6_ackOfALeaseThatAFaultUndidAndThatWasGivenAgain_passes() {
    Story story = new Story().enqueue(1).take(1, 1).at(1).fault(Durability.HOST);
    story.at(30).reclaim(1).take(1, 1).complete(1, 1);
    story.promising(promise -> promise.withLossWindow(Duration.ofSeconds(2)));
    passes(story.check(Durability.PROCESS), "I6");
  }

  @Test
  void i6_ackSentBeforeTheLeaseWasLostAndAppliedLate_passes() {
    Story story = new Story().enqueue(1).take(1, 1);
    CallId ack = story.sendAck(1, 1, Ack.Kind.RELEASED);
    story.take(1, 2).answerAck(ack, 1, 1, AckReceipt.Status.APPLIED).complete(1, 2);
    passes(story.check(), "I6");
  }

  @Test
  void i6_ackAfterTheLeaseWasTakenBackApplied_fencing() {
    Story story = new Story().enqueue(1, kept()).take(1, 1).at(30).reclaim(1);
    shows(story.complete(1, 1).stored(1, JobState.COMPLETED).check(), Kind.FENCING, "I6");
  }

  @Test
  void i6_ackAfterExpiryButBeforeItWasTakenBackApplied_passes() {
    passes(new Story().enqueue(1).take(1, 1).at(40).complete(1, 1).check(), "I6");
  }

  @Test
  void i6_staleCompletionTookEffect_fencing() {
    Story story = expiredAndTakenAgain();
    story.ack(1, 1, Ack.Kind.COMPLETED, AckReceipt.Status.STALE);
    shows(story.stored(1, JobState.COMPLETED).check(), Kind.FENCING, "I6");
  }

  @Test
  void i6_completedByTheYoungerLease_passes() {
    Story story = expiredAndTakenAgain();
    story.ack(1, 1, Ack.Kind.COMPLETED, AckReceipt.Status.STALE).complete(1, 2);
    passes(story.stored(1, JobState.COMPLETED).check(), "I6");
  }

  @Test
  void i6_ackOfAValidLeaseRefused_fencing() {
    Story story = new Story().enqueue(1).take(1, 1).at(29);
    story.ack(1, 1, Ack.Kind.RETRY, AckReceipt.Status.STALE).stored(1, JobState.RUNNING);
    shows(story.check(), Kind.FENCING, "I6");
  }

  @Test
  void i6_ackOfAnExpiredLeaseRefused_passes() {
    Story story = new Story().enqueue(1).take(1, 1).at(30);
    story.ack(1, 1, Ack.Kind.RETRY, AckReceipt.Status.STALE).stored(1, JobState.READY);
    passes(story.check(), "I6");
  }

  @Test
  void i6_secondAckOfOneLeaseApplied_fencing() {
    Story story = new Story().enqueue(1).take(1, 1).ack(1, 1, Ack.Kind.RELEASED);
    shows(story.ack(1, 1, Ack.Kind.RETRY).stored(1, JobState.READY).check(), Kind.FENCING, "I6");
  }

  @Test
  void i6_secondAckOfOneLeaseRefused_passes() {
    Story story = new Story().enqueue(1).take(1, 1).ack(1, 1, Ack.Kind.RELEASED);
    story.ack(1, 1, Ack.Kind.RETRY, AckReceipt.Status.STALE).stored(1, JobState.READY);
    passes(story.check(), "I6");
  }

  @Test
  void i6_lostLeaseExtended_fencing() {
    Story story = expiredAndTakenAgain().extend(1, 1, ExtendReceipt.Status.EXTENDED);
    Verdict verdict = story.complete(1, 2).stored(1, JobState.COMPLETED).check();
    assertThat(verdict.count(Kind.FENCING)).isEqualTo(1);
  }

  @Test
  void i6_lostLeaseNotExtended_passes() {
    Story story = expiredAndTakenAgain().extend(1, 1, ExtendReceipt.Status.LOST);
    passes(story.complete(1, 2).stored(1, JobState.COMPLETED).check(), "I6");
  }

  @Test
  void i6_validLeaseNotExtended_fencing() {
    Story story = new Story().enqueue(1).take(1, 1).at(10);
    story.extend(1, 1, ExtendReceipt.Status.LOST).stored(1, JobState.RUNNING);
    shows(story.check(), Kind.FENCING, "I6");
  }

  @Test
  void i16_poisonAfterOneCrash_falsePoison() {
    Story story = new Story().enqueue(1).take(1, 1).start(1, 1).at(30);
    story.end(1, JobState.DEAD, Reasons.POISON).stored(1, JobState.DEAD);
    shows(story.check(), Kind.FALSE_POISON, "I16");
  }

  @Test
  void i16_poisonAfterRunsThatNeverStarted_falsePoison() {
    Story story = new Story().enqueue(1).take(1, 1).at(30).take(1, 2).at(60).take(1, 3).at(90);
    story.end(1, JobState.DEAD, Reasons.POISON).stored(1, JobState.DEAD);
    story.enqueue(2).take(2, 1).start(2, 1).finish(2, 1).complete(2, 1);
    shows(story.check(), Kind.FALSE_POISON, "I16");
  }

  @Test
  void i16_poisonAfterACrashARetryAndACrash_falsePoison() {
    Story story = new Story().enqueue(1).take(1, 1).start(1, 1).at(30);
    story.take(1, 2).start(1, 2).finish(1, 2).ack(1, 2, Ack.Kind.RETRY).at(60);
    story.take(1, 3).start(1, 3).at(90).end(1, JobState.DEAD, Reasons.POISON);
    shows(story.stored(1, JobState.DEAD).check(), Kind.FALSE_POISON, "I16");
  }

  @Test
  void i16_poisonAfterCrashesOfStartedRuns_passes() {
    Story story = new Story().enqueue(1).take(1, 1).at(30).take(1, 2).start(1, 2).at(60);
    story.take(1, 3).say(marked(story)).at(90).end(1, JobState.DEAD, Reasons.POISON);
    passes(story.stored(1, JobState.DEAD).check(), "I16");
  }

  private static Entry marked(Story story) {
    return new Entry.ExtendSent(lease(1, 3), true, false, story.now(), story.now());
  }

  @Test
  void i16_poisonOnlySeenInTheFinalState_falsePoison() {
    Story story = new Story().enqueue(1).take(1, 1).start(1, 1).at(30);
    story.stored(1, JobState.DEAD, job -> job, Reasons.POISON);
    shows(story.check(), Kind.FALSE_POISON, "I16");
  }

  @Test
  void i6_abandonedLeaseTakenBack_passes() {
    Story story = new Story().enqueue(1).take(1, 1).at(20);
    story.say(new Entry.ExtendSent(lease(1, 1), true, true, story.now(), story.now())).at(30);
    story.reclaim(1).ack(1, 1, Ack.Kind.COMPLETED, AckReceipt.Status.STALE);
    story.stored(1, JobState.READY);
    passes(story.check(), "I6");
  }
}
