package dev.noria.tck.history;

import static dev.noria.tck.history.Story.id;
import static dev.noria.tck.history.Story.second;
import static dev.noria.tck.history.Verdicts.passes;
import static dev.noria.tck.history.Verdicts.shows;

import dev.noria.job.Dependencies;
import dev.noria.job.JobState;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.tck.history.Verdict.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** I8 and I11. */
final class TimingTest {
  @Test
  void i8_handedOutBeforeItWasDue_early() {
    Story story = new Story().enqueue(1, job -> job.runAt(second(10))).at(9).take(1, 1);
    shows(story.complete(1, 1).check(), Kind.EARLY, "I8");
  }

  @Test
  void i8_handedOutWhenDue_passes() {
    Story story = new Story().enqueue(1, job -> job.runAt(second(10))).at(10).take(1, 1);
    passes(story.complete(1, 1).check(), "I8");
  }

  @Test
  void i8_handedOutEarlyAndItsDueInstantForgotten_early() {
    Story story = new Story().enqueue(1, job -> job.runAt(second(10))).at(9);
    story.job(1, job -> job);
    shows(story.take(1, 1).complete(1, 1).check(), Kind.EARLY, "I8");
  }

  @Test
  void i8_retriedTooSoon_early() {
    Story story = new Story().enqueue(1).take(1, 1).ack(1, 1, Ack.Kind.RETRY).at(9);
    shows(story.take(1, 2).complete(1, 2).check(), Kind.EARLY, "I8");
  }

  @Test
  void i8_retriedInTime_passes() {
    Story story = new Story().enqueue(1).take(1, 1).ack(1, 1, Ack.Kind.RETRY).at(10);
    passes(story.take(1, 2).complete(1, 2).check(), "I8");
  }

  @Test
  void i8_rescheduledToAnEarlierInstant_passes() {
    Story story = new Story().enqueue(1, job -> job.runAt(second(10)));
    story.say(new Entry.ChangeSent(id(1), Entry.Change.RESCHEDULE, second(5), story.now()));
    story.job(1, job -> job.runAt(second(5)));
    passes(story.at(5).take(1, 1).complete(1, 1).check(), "I8");
  }

  private static Story dependent(Dependencies.OnFailure policy) {
    Dependencies on = Dependencies.on(List.of(id(1))).onFailure(policy);
    return new Story().enqueue(1).enqueue(2, job -> job.dependencies(on));
  }

  @Test
  void i8_handedOutBeforeItsDependencyEnded_early() {
    Story story = dependent(Dependencies.OnFailure.CANCEL).take(2, 1).complete(2, 1);
    shows(story.take(1, 1).complete(1, 1).check(), Kind.EARLY, "I8");
  }

  @Test
  void i8_handedOutAfterItsDependencyFailed_early() {
    Story story = dependent(Dependencies.OnFailure.CANCEL).take(1, 1).ack(1, 1, Ack.Kind.DEAD);
    story.take(2, 1).complete(2, 1).stored(1, JobState.DEAD);
    shows(story.check(), Kind.EARLY, "I8");
  }

  @Test
  void i8_handedOutAfterAFailureItIgnores_passes() {
    Story story = dependent(Dependencies.OnFailure.IGNORE).take(1, 1).ack(1, 1, Ack.Kind.DEAD);
    passes(story.take(2, 1).complete(2, 1).stored(1, JobState.DEAD).check(), "I8");
  }

  @Test
  void i8_handedOutAfterItsDependencyCompleted_passes() {
    Story story = dependent(Dependencies.OnFailure.CANCEL).take(1, 1).complete(1, 1);
    passes(story.take(2, 1).complete(2, 1).check(), "I8");
  }

  @Test
  void i8_dependencyThatCameLater_countedAsDone() {
    Dependencies on = Dependencies.on(List.of(id(1)));
    Story story = new Story().enqueue(2, job -> job.dependencies(on)).take(2, 1).complete(2, 1);
    passes(story.enqueue(1).stored(1, JobState.READY).check(), "I8");
  }

  @Test
  void i11_handedOutWhilePaused_caught() {
    Story story = new Story().enqueue(1).say(new Entry.Paused("q")).take(1, 1).complete(1, 1);
    shows(story.say(new Entry.Resuming("q")).check(), Kind.WHILE_PAUSED, "I11");
  }

  @Test
  void i11_handedOutByACallThatWasSentBefore_passes() {
    Story story = new Story().enqueue(1);
    CallId before = story.ask();
    story.say(new Entry.Paused("q"));
    CallId during = story.ask();
    story.say(new Entry.CallAnswered(during)).say(new Entry.Resuming("q"));
    passes(story.take(before, 1, 1).complete(1, 1).check(), "I11");
  }

  @Test
  void i11_handedOutAfterTheResume_passes() {
    Story story = new Story().enqueue(1).say(new Entry.Paused("q"));
    story.say(new Entry.CallAnswered(story.ask()));
    CallId across = story.ask();
    story.say(new Entry.Resuming("q"));
    passes(story.take(across, 1, 1).complete(1, 1).check(), "I11");
  }

  @Test
  void i11_otherQueuePaused_passes() {
    Story story = new Story().enqueue(1).say(new Entry.Paused("other")).take(1, 1);
    passes(story.complete(1, 1).check(), "I8");
  }
}
