package dev.noria.tck.history;

import static dev.noria.tck.history.Story.id;
import static dev.noria.tck.history.Story.second;
import static dev.noria.tck.history.Verdicts.passes;
import static dev.noria.tck.history.Verdicts.shows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobState;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.Durability;
import dev.noria.tck.history.Verdict.Kind;
import org.junit.jupiter.api.Test;

/** I12. */
final class OrderTest {
  private static Story finish(Story story, int... jobs) {
    for (int job : jobs) {
      story.complete(job, 1);
    }
    return story;
  }

  @Test
  void i12_youngerBeforeOlder_inverted() {
    Story story = new Story().enqueue(1).enqueue(2).take(2, 1).take(1, 1);
    shows(finish(story, 1, 2).check(), Kind.INVERTED, "I12");
  }

  @Test
  void i12_olderBeforeYounger_passes() {
    Story story = new Story().enqueue(1).enqueue(2).take(1, 1).take(2, 1);
    passes(finish(story, 1, 2).check(), "I12");
  }

  @Test
  void i12_olderLeftBehind_inverted() {
    Story story = new Story().enqueue(1).enqueue(2).take(2, 1).stored(1, JobState.READY);
    shows(finish(story, 2).check(), Kind.INVERTED, "I12");
  }

  @Test
  void i12_olderOneLostInAFaultBeyondThePromise_passes() {
    Story story = new Story().enqueue(1).enqueue(2).fault(Durability.HOST).take(2, 1);
    passes(finish(story, 2).check(Durability.PROCESS), "I12");
  }

  @Test
  void i12_olderLeftBehindByAFaultThatThePromiseCovers_inverted() {
    Story story = new Story().enqueue(1).enqueue(2).fault(Durability.HOST).take(2, 1);
    shows(finish(story.stored(1, JobState.READY), 2).check(), Kind.INVERTED, "I12");
  }

  @Test
  void i12_lowerPriorityFirst_inverted() {
    Story story = new Story().enqueue(1).enqueue(2, job -> job.priority(5)).take(1, 1).take(2, 1);
    shows(finish(story, 1, 2).check(), Kind.INVERTED, "I12");
  }

  @Test
  void i12_higherPriorityFirst_passes() {
    Story story = new Story().enqueue(1).enqueue(2, job -> job.priority(5)).take(2, 1).take(1, 1);
    passes(finish(story, 1, 2).check(), "I12");
  }

  @Test
  void i12_retriedJobBeforeAHigherPriority_inverted() {
    Story story = new Story().enqueue(1).take(1, 1).ack(1, 1, Ack.Kind.RETRY).at(10);
    story.enqueue(2, job -> job.priority(5)).take(1, 2).take(2, 1).complete(1, 2).complete(2, 1);
    shows(story.check(), Kind.INVERTED, "I12");
  }

  @Test
  void i12_retriedJobBeforeAnEqual_passes() {
    Story story = new Story().enqueue(1).enqueue(2).take(1, 1).ack(1, 1, Ack.Kind.RETRY).at(10);
    passes(story.take(1, 2).take(2, 1).complete(1, 2).complete(2, 1).check(), "I12");
  }

  @Test
  void i12_fifoBeforeLifo_inverted() {
    Story story = new Story().enqueue(1).enqueue(2, job -> job.lifo(true)).take(1, 1).take(2, 1);
    shows(finish(story, 1, 2).check(), Kind.INVERTED, "I12");
  }

  @Test
  void i12_olderLifoFirst_inverted() {
    Story story = new Story().enqueue(1, job -> job.lifo(true)).enqueue(2, job -> job.lifo(true));
    shows(finish(story.take(1, 1).take(2, 1), 1, 2).check(), Kind.INVERTED, "I12");
  }

  @Test
  void i12_newestLifoFirst_passes() {
    Story story = new Story().enqueue(1, job -> job.lifo(true)).enqueue(2, job -> job.lifo(true));
    passes(finish(story.take(2, 1).take(1, 1), 1, 2).check(), "I12");
  }

  @Test
  void i12_overtakenInAnotherGroup_passes() {
    Story story = new Story().enqueue(1, job -> job.group("a")).enqueue(2, job -> job.group("b"));
    passes(finish(story.take(2, 1).take(1, 1), 1, 2).check(), "I12");
  }

  @Test
  void i12_overtakenByAConcurrentEnqueue_passes() {
    Story story = new Story();
    CallId one = story.send(1, same -> same);
    story.enqueue(2).answer(one, 1, EnqueueReceipt.enqueued(id(1)));
    passes(finish(story.take(2, 1).take(1, 1), 1, 2).check(), "I12");
  }

  /** The storage may have counted the age of the first from the time of the second try. */
  @Test
  void i12_overtakenByAJobFromBetweenTheTriesOfItsEnqueue_passes() {
    Story story = new Story();
    CallId one = story.send(1, same -> same);
    story.say(new Entry.CallFailed(one, false)).at(2);
    sendAgain(story, one).answer(one, 1, EnqueueReceipt.enqueued(id(1))).at(1).enqueue(2).at(3);
    passes(finish(story.take(2, 1).take(1, 1), 1, 2).check(), "I12");
  }

  @Test
  void i12_overtakenByAJobFromAfterTheTriesOfItsEnqueue_inverted() {
    Story story = new Story();
    CallId one = story.send(1, same -> same);
    story.say(new Entry.CallFailed(one, false)).at(2);
    sendAgain(story, one).answer(one, 1, EnqueueReceipt.enqueued(id(1))).enqueue(2);
    shows(finish(story.take(2, 1).take(1, 1), 1, 2).check(), Kind.INVERTED, "I12");
  }

  private static Story sendAgain(Story story, CallId call) {
    return story.say(Entry.EnqueueSent.of(call, story.job(1, same -> same), story.now()));
  }

  @Test
  void i12_overtakenInsideOneEnqueueCall_inverted() {
    Story story = new Story();
    CallId call = story.send(1, same -> same);
    story.say(Entry.EnqueueSent.of(call, story.job(2, same -> same), story.now()));
    story.say(Entry.EnqueueAnswered.of(call, id(1), EnqueueReceipt.enqueued(id(1))));
    story.answer(call, 2, EnqueueReceipt.enqueued(id(2)));
    shows(finish(story.take(2, 1).take(1, 1), 1, 2).check(), Kind.INVERTED, "I12");
  }

  @Test
  void i12_overtakenWhileAConcurrentCallTakesIt_passes() {
    Story story = new Story().enqueue(1).enqueue(2);
    CallId other = story.ask();
    story.take(2, 1).take(other, 1, 1);
    passes(finish(story, 1, 2).check(), "I12");
  }

  @Test
  void i12_overtakenWhileACallOfUnknownOutcomeMayHoldIt_passes() {
    Story story = new Story().enqueue(1).enqueue(2);
    story.say(new Entry.CallFailed(story.ask(), true));
    passes(finish(story.take(2, 1).at(30).take(1, 1), 1, 2).check(), "I12");
  }

  @Test
  void i12_overtakenWhileACallOfAKilledProcessMayHoldIt_passes() {
    Story story = new Story().by("a");
    story.ask();
    story.by("w").kill("a").at(29).enqueue(1).enqueue(2);
    passes(finish(story.take(2, 1).at(40).take(1, 1), 1, 2).check(), "I12");
  }

  @Test
  void i12_overtakenLongAfterACallOfUnknownOutcome_inverted() {
    Story story = new Story().by("a");
    story.ask();
    story.by("w").kill("a").at(31).enqueue(1).enqueue(2);
    shows(finish(story.take(2, 1).take(1, 1), 1, 2).check(), Kind.INVERTED, "I12");
  }

  @Test
  void i12_overtakenWhileAnEnqueueOfUnknownOutcomeIsOpen_inverted() {
    Story story = new Story().enqueueUnknown(3).enqueue(1).enqueue(2).take(2, 1).take(1, 1);
    shows(finish(story, 1, 2).check(), Kind.INVERTED, "I12");
  }

  @Test
  void i12_overtakenAfterACallThatCertainlyFailed_inverted() {
    Story story = new Story().enqueue(1).enqueue(2);
    story.say(new Entry.CallFailed(story.ask(), false));
    shows(finish(story.take(2, 1).take(1, 1), 1, 2).check(), Kind.INVERTED, "I12");
  }

  @Test
  void i12_scheduledJobOvertaken_passes() {
    Story story = new Story().enqueue(1, job -> job.runAt(second(5))).enqueue(2).at(5);
    passes(finish(story.take(2, 1).take(1, 1), 1, 2).check(), "I12");
  }

  @Test
  void i12_wrongOrderInOneReply_inverted() {
    Story story = new Story().enqueue(1).enqueue(2);
    CallId call = story.ask();
    shows(finish(story.take(call, 2, 1).take(call, 1, 1), 1, 2).check(), Kind.INVERTED, "I12");
  }

  @Test
  void i12_rightOrderInOneReply_passes() {
    Story story = new Story().enqueue(1).enqueue(2);
    CallId call = story.ask();
    passes(finish(story.take(call, 1, 1).take(call, 2, 1), 1, 2).check(), "I12");
  }

  @Test
  void i12_overtakenWhereTheStorageDeclaresIt_passes() {
    Story story = new Story().enqueue(1).enqueue(2).take(2, 1).take(1, 1);
    story.promising(promise -> promise.withStrictOrder(false));
    passes(finish(story, 1, 2).check(), "I1");
    assertThat(story.check().checked("I12").facts()).isZero();
  }
}
