package dev.noria.tck.history;

import static dev.noria.tck.history.Story.id;
import static dev.noria.tck.history.Story.kept;
import static dev.noria.tck.history.Story.lease;
import static dev.noria.tck.history.Verdicts.passes;
import static dev.noria.tck.history.Verdicts.shows;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobState;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.Durability;
import dev.noria.tck.history.Verdict.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** I1, I2 and I15. */
final class ExistenceTest {
  @Test
  void i1_acknowledgedAndGone_lost() {
    shows(new Story().enqueue(1).check(), Kind.LOST, "I1");
  }

  @Test
  void i1_acknowledgedAndStored_passes() {
    passes(new Story().enqueue(1).stored(1, JobState.READY).check(), "I1");
  }

  @Test
  void i1_goneWithoutAnAck_lost() {
    shows(new Story().enqueue(1).take(1, 1).check(), Kind.LOST, "I1");
  }

  @Test
  void i1_goneWithAppliedAckAndNoRetention_passes() {
    passes(new Story().enqueue(1).take(1, 1).complete(1, 1).check(), "I1");
  }

  @Test
  void i1_goneWithAckOfUnknownOutcome_passes() {
    Story story = new Story().enqueue(1).take(1, 1);
    story.say(new Entry.CallFailed(story.sendAck(1, 1, Ack.Kind.COMPLETED), true));
    passes(story.check(), "I1");
  }

  @Test
  void i1_goneWithAckThatAKillLeftOpen_passes() {
    Story story = new Story().enqueue(1).take(1, 1);
    story.sendAck(1, 1, Ack.Kind.COMPLETED);
    passes(story.kill("w").check(), "I1");
  }

  @Test
  void i1_goneWithAckThatCertainlyFailed_lost() {
    Story story = new Story().enqueue(1).take(1, 1);
    story.say(new Entry.CallFailed(story.sendAck(1, 1, Ack.Kind.COMPLETED), false));
    shows(story.check(), Kind.LOST, "I1");
  }

  @Test
  void i1_goneWithDeadAckAlthoughDeadAreKept_lost() {
    Story story = new Story().enqueue(1).take(1, 1).ack(1, 1, Ack.Kind.DEAD);
    shows(story.check(), Kind.LOST, "I1");
  }

  @Test
  void i1_goneBeforeItsRetentionIsOver_lost() {
    Story story = new Story().enqueue(1, kept()).take(1, 1).complete(1, 1);
    shows(story.at(3_599).check(), Kind.LOST, "I1");
  }

  @Test
  void i1_goneAfterItsRetention_passes() {
    Story story = new Story().enqueue(1, kept()).take(1, 1).complete(1, 1);
    passes(story.at(3_600).check(), "I1");
  }

  @Test
  void i1_deletedByAnOperator_passes() {
    Story story = new Story().enqueue(1);
    story.say(new Entry.ChangeSent(id(1), Entry.Change.DELETE, null, story.now()));
    passes(story.check(), "I1");
  }

  @Test
  void i1_lostInAFaultBeyondThePromise_isAllowed() {
    Verdict verdict = new Story().enqueue(1).fault(Durability.HOST).check(Durability.PROCESS);
    passes(verdict, "I1");
    shows(verdict, Kind.LOSS_ALLOWED, "I1");
  }

  @Test
  void i1_lostInAFaultThatThePromiseCovers_lost() {
    Story story = new Story().enqueue(1).fault(Durability.HOST);
    shows(story.check(Durability.HOST), Kind.LOST, "I1");
  }

  @Test
  void i1_acknowledgedAfterTheFault_lost() {
    Story story = new Story().fault(Durability.HOST).enqueue(1);
    shows(story.check(Durability.PROCESS), Kind.LOST, "I1");
  }

  @Test
  void i1_acknowledgedLongBeforeTheFault_lost() {
    Story story = new Story().enqueue(1).at(10).fault(Durability.HOST);
    story.promising(promise -> promise.withLossWindow(Duration.ofSeconds(2)));
    shows(story.check(Durability.PROCESS), Kind.LOST, "I1");
  }

  @Test
  void i1_acknowledgedShortlyBeforeTheFault_isAllowed() {
    Story story = new Story().enqueue(1).at(1).fault(Durability.HOST);
    story.promising(promise -> promise.withLossWindow(Duration.ofSeconds(2)));
    passes(story.check(Durability.PROCESS), "I1");
  }

  @Test
  void i2_neverEnqueued_phantom() {
    shows(new Story().take(1, 1).check(), Kind.PHANTOM, "I2");
  }

  @Test
  void i2_neverEnqueuedButStored_phantom() {
    shows(new Story().stored(1, JobState.READY).check(), Kind.PHANTOM, "I2");
  }

  @Test
  void i2_rejectedButHandedOut_phantom() {
    Story story = new Story();
    CallId call = story.send(1, same -> same);
    story.answer(call, 1, EnqueueReceipt.rejected(id(1), "no"));
    shows(story.take(1, 1).check(), Kind.PHANTOM, "I2");
  }

  @Test
  void i2_certainlyFailedButHandedOut_phantom() {
    Story story = new Story();
    story.say(new Entry.CallFailed(story.send(1, same -> same), false));
    shows(story.take(1, 1).check(), Kind.PHANTOM, "I2");
  }

  @Test
  void i2_duplicateOfAnotherButHandedOut_phantom() {
    Story story = new Story().enqueue(2);
    CallId call = story.send(1, same -> same);
    story.answer(call, 1, EnqueueReceipt.duplicate(id(2), JobState.READY));
    story.take(1, 1).complete(1, 1).stored(2, JobState.READY);
    shows(story.check(), Kind.PHANTOM, "I2");
  }

  @Test
  void i2_unknownOutcomeAndHandedOut_recovered() {
    Verdict verdict = new Story().enqueueUnknown(1).take(1, 1).complete(1, 1).check();
    passes(verdict, "I2");
    shows(verdict, Kind.RECOVERED, "I2");
  }

  @Test
  void i2_unknownOutcomeAndGone_passes() {
    passes(new Story().enqueueUnknown(1).enqueue(2).take(2, 1).complete(2, 1).check(), "I2");
  }

  @Test
  void i2_repeatedAfterUnknownOutcome_isAcknowledged() {
    Story story = new Story();
    CallId call = story.send(1, same -> same);
    story.say(new Entry.CallFailed(call, true));
    story.say(Entry.EnqueueSent.of(call, story.job(1, same -> same), story.now()));
    story.answer(call, 1, EnqueueReceipt.enqueued(id(1)));
    shows(story.check(), Kind.LOST, "I1");
  }

  @Test
  void i2_otherBytes_phantom() {
    Story story = new Story().enqueue(1);
    story.job(1, job -> job.payload(Bytes.utf8("other")));
    shows(story.take(1, 1).complete(1, 1).check(), Kind.PHANTOM, "I2");
  }

  @Test
  void i2_otherBytesAfterADebounce_passes() {
    Story story = new Story().enqueue(1);
    CallId call = story.send(2, job -> job.payload(Bytes.utf8("other")));
    story.answer(call, 2, EnqueueReceipt.replaced(id(1)));
    story.job(1, job -> job.payload(Bytes.utf8("other")));
    passes(story.take(1, 1).complete(1, 1).check(), "I2");
  }

  @Test
  void i15_handedOutInAnotherGroup_mixed() {
    Story story = new Story().enqueue(1, job -> job.group("a"));
    story.job(1, job -> job.group("b"));
    shows(story.take(1, 1).complete(1, 1).check(), Kind.MIXED, "I15");
  }

  @Test
  void i15_storedInAnotherQueue_mixed() {
    Story story = new Story().enqueue(1);
    story.stored(1, JobState.READY, job -> job.toBuilder().queue("other").build(), null);
    shows(story.check(), Kind.MIXED, "I15");
  }

  @Test
  void i15_handedToWhoDidNotAskForTheQueue_mixed() {
    Story story = new Story().enqueue(1, job -> job.queue("other")).take(1, 1).complete(1, 1);
    shows(story.check(), Kind.MIXED, "I15");
  }

  @Test
  void i15_sameGroup_passes() {
    Story story = new Story().enqueue(1, job -> job.group("a")).take(1, 1).complete(1, 1);
    passes(story.check(), "I15");
  }

  @Test
  void i15_otherNonceThanAsked_fencing() {
    Story story = new Story().enqueue(1);
    CallId call = story.call();
    story.say(new Entry.ExchangeSent(call, 2, List.of("q"), story.now()));
    story.take(call, 1, 1).say(new Entry.HandlerStarted(lease(1, 1))).complete(1, 1);
    shows(story.check(), Kind.FENCING, "I4");
  }
}
