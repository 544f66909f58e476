package dev.noria.tck.history;

import static dev.noria.tck.history.Story.id;
import static dev.noria.tck.history.Story.kept;
import static dev.noria.tck.history.Verdicts.passes;
import static dev.noria.tck.history.Verdicts.shows;

import dev.noria.job.JobState;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.storage.CallId;
import dev.noria.storage.Durability;
import dev.noria.storage.ExtendReceipt;
import dev.noria.tck.history.Verdict.Kind;
import org.junit.jupiter.api.Test;

/** I4 and I5. */
final class LeasesTest {
  @Test
  void i4_oneLeaseFromTwoCalls_illegal() {
    Story story = new Story().enqueue(1).take(1, 1).take(1, 1).complete(1, 1);
    shows(story.check(), Kind.REDELIVERY_ILLEGAL, "I4");
  }

  @Test
  void i4_oneLeaseFromTwoCallsAroundAFaultBeyondThePromise_isAllowed() {
    Story story = new Story().enqueue(1).take(1, 1).fault(Durability.HOST).take(1, 1);
    passes(story.complete(1, 1).check(Durability.PROCESS), "I4");
  }

  @Test
  void i4_oneLeaseFromTwoCallsAroundAFaultThatThePromiseCovers_illegal() {
    Story story = new Story().enqueue(1).take(1, 1).fault(Durability.HOST).take(1, 1);
    shows(story.complete(1, 1).check(), Kind.REDELIVERY_ILLEGAL, "I4");
  }

  @Test
  void i4_oneLeaseFromARepeatedCall_passes() {
    Story story = new Story().enqueue(1);
    CallId call = story.ask();
    passes(story.take(call, 1, 1).take(call, 1, 1).complete(1, 1).check(), "I4");
  }

  @Test
  void i4_epochThatGoesBack_illegal() {
    Story story = new Story().enqueue(1).take(1, 2).at(31).take(1, 1).complete(1, 1);
    shows(story.check(), Kind.REDELIVERY_ILLEGAL, "I4");
  }

  @Test
  void i4_epochThatGoesBackAfterAFaultBeyondThePromise_isAllowed() {
    Story story = new Story().enqueue(1).take(1, 2).fault(Durability.HOST).at(31);
    passes(story.take(1, 1).complete(1, 1).check(Durability.PROCESS), "I4");
  }

  @Test
  void i4_epochsThatGrow_pass() {
    passes(new Story().enqueue(1).take(1, 1).at(30).take(1, 2).complete(1, 2).check(), "I4");
  }

  @Test
  void i5_handedOutWhileTheOlderLeaseHolds_illegal() {
    Story story = new Story().enqueue(1).take(1, 1).at(29).take(1, 2).complete(1, 2);
    shows(story.check(), Kind.REDELIVERY_ILLEGAL, "I5");
  }

  @Test
  void i5_handedOutAfterTheOlderLeaseExpired_legal() {
    Verdict verdict = new Story().enqueue(1).take(1, 1).at(30).take(1, 2).complete(1, 2).check();
    passes(verdict, "I5");
    shows(verdict, Kind.REDELIVERY_LEGAL, "I5");
  }

  @Test
  void i5_handedOutWhileAnExtensionHolds_illegal() {
    Story story = new Story().enqueue(1).take(1, 1).at(20);
    story.extend(1, 1, ExtendReceipt.Status.EXTENDED).at(49).take(1, 2).complete(1, 2);
    shows(story.check(), Kind.REDELIVERY_ILLEGAL, "I5");
  }

  @Test
  void i5_handedOutAfterTheExtension_passes() {
    Story story = new Story().enqueue(1).take(1, 1).at(20);
    story.extend(1, 1, ExtendReceipt.Status.CANCEL_REQUESTED).at(50).take(1, 2).complete(1, 2);
    passes(story.check(), "I5");
  }

  @Test
  void i5_handedOutAfterTheProcessWasKilled_passes() {
    Story story = new Story().enqueue(1).by("a").take(1, 1).by("w").kill("a");
    passes(story.take(1, 2).complete(1, 2).check(), "I5");
  }

  @Test
  void i5_handedOutToAProcessThatIsAboutToBeKilled_passes() {
    Story story = new Story().enqueue(1).by("w").kill("a").by("a").take(1, 1).by("w");
    passes(story.take(1, 2).complete(1, 2).check(), "I5");
  }

  @Test
  void i5_handedOutAfterAnotherProcessWasKilled_illegal() {
    Story story = new Story().enqueue(1).by("a").take(1, 1).by("w").kill("b");
    shows(story.take(1, 2).complete(1, 2).check(), Kind.REDELIVERY_ILLEGAL, "I5");
  }

  @Test
  void i5_handedOutAfterARetry_passes() {
    Story story = new Story().enqueue(1).take(1, 1).ack(1, 1, Ack.Kind.RETRY).at(10);
    passes(story.take(1, 2).complete(1, 2).check(), "I5");
  }

  @Test
  void i5_handedOutAfterAReleaseOfUnknownOutcome_passes() {
    Story story = new Story().enqueue(1).take(1, 1);
    story.say(new Entry.CallFailed(story.sendAck(1, 1, Ack.Kind.RELEASED), true));
    passes(story.take(1, 2).complete(1, 2).check(), "I5");
  }

  @Test
  void i5_handedOutAfterAReleaseThatCertainlyFailed_illegal() {
    Story story = new Story().enqueue(1).take(1, 1);
    story.say(new Entry.CallFailed(story.sendAck(1, 1, Ack.Kind.RELEASED), false));
    shows(story.take(1, 2).complete(1, 2).check(), Kind.REDELIVERY_ILLEGAL, "I5");
  }

  @Test
  void i5_handedOutAfterItCompleted_illegal() {
    Story story = new Story().enqueue(1).take(1, 1).complete(1, 1).at(40).take(1, 2);
    shows(story.check(), Kind.REDELIVERY_ILLEGAL, "I5");
  }

  @Test
  void i5_handedOutAfterAnUndoneAck_isAllowed() {
    Story story = new Story().enqueue(1).take(1, 1).complete(1, 1).fault(Durability.HOST);
    Verdict verdict = story.at(40).take(1, 2).check(Durability.PROCESS);
    passes(verdict, "I5");
    shows(verdict, Kind.LOSS_ALLOWED, "I5");
  }

  @Test
  void i5_handedOutAfterAReplay_passes() {
    Story story = new Story().enqueue(1, kept()).take(1, 1).complete(1, 1);
    story.say(new Entry.ChangeSent(id(1), Entry.Change.REPLAY, null, story.now()));
    story.say(new Entry.ChangeAnswered(id(1), Entry.Change.REPLAY, ChangeStatus.APPLIED));
    story.take(story.ask(), 1, 2, 1).complete(1, 2).stored(1, JobState.COMPLETED);
    passes(story.check(), "I5");
  }

  @Test
  void i5_handlersOverlapAfterARelease_illegal() {
    Story story = new Story().enqueue(1).take(1, 1).start(1, 1).ack(1, 1, Ack.Kind.RELEASED);
    story.take(1, 2).start(1, 2).finish(1, 1).finish(1, 2).complete(1, 2);
    shows(story.check(), Kind.REDELIVERY_ILLEGAL, "I5");
  }

  @Test
  void i5_handlersFollowEachOther_pass() {
    Story story = new Story().enqueue(1).take(1, 1).start(1, 1).finish(1, 1);
    story.ack(1, 1, Ack.Kind.RELEASED).take(1, 2).start(1, 2).finish(1, 2).complete(1, 2);
    passes(story.check(), "I5");
  }

  @Test
  void i5_handlersOverlapAfterExpiry_pass() {
    Story story = new Story().enqueue(1).take(1, 1).start(1, 1).at(30);
    passes(story.take(1, 2).start(1, 2).finish(1, 1).finish(1, 2).complete(1, 2).check(), "I5");
  }

  @Test
  void i5_takenBackWhileTheLeaseHolds_illegal() {
    Story story = new Story().enqueue(1).take(1, 1).at(29).reclaim(1).stored(1, JobState.READY);
    shows(story.check(), Kind.REDELIVERY_ILLEGAL, "I5");
  }

  @Test
  void i5_takenBackAfterExpiry_passes() {
    Story story = new Story().enqueue(1).take(1, 1).at(30).reclaim(1).stored(1, JobState.READY);
    passes(story.check(), "I5");
  }
}
