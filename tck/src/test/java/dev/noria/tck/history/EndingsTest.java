package dev.noria.tck.history;

import static dev.noria.tck.history.Story.id;
import static dev.noria.tck.history.Story.kept;
import static dev.noria.tck.history.Verdicts.passes;
import static dev.noria.tck.history.Verdicts.shows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.storage.Durability;
import dev.noria.tck.history.Verdict.Kind;
import org.junit.jupiter.api.Test;

/** I3 and I7. */
final class EndingsTest {
  @Test
  void i3_completedAndThenEndedByMaintain_doubleTerminal() {
    Story story = new Story().enqueue(1, kept()).take(1, 1).complete(1, 1).at(31);
    story.end(1, JobState.COMPLETED, Reasons.POISON).stored(1, JobState.COMPLETED);
    shows(story.check(), Kind.DOUBLE_TERMINAL, "I3");
  }

  @Test
  void i3_endedOnce_passes() {
    Story story = new Story().enqueue(1, kept()).take(1, 1).complete(1, 1);
    passes(story.stored(1, JobState.COMPLETED).check(), "I3");
  }

  @Test
  void i3_endedTwiceWithAReplayBetween_passes() {
    Story story = new Story().enqueue(1, kept()).take(1, 1).complete(1, 1);
    replay(story).take(story.ask(), 1, 2, 1).complete(1, 2).stored(1, JobState.COMPLETED);
    passes(story.check(), "I3");
  }

  @Test
  void i3_endedTwiceInOneGenerationInSpiteOfAReplay_doubleTerminal() {
    Story story = new Story().enqueue(1, kept()).take(1, 1).complete(1, 1).at(31);
    replay(story).take(story.ask(), 1, 2, 0).complete(1, 2).stored(1, JobState.COMPLETED);
    Verdict verdict = story.check();
    assertThat(verdict.count(Kind.DOUBLE_TERMINAL)).isEqualTo(1);
  }

  @Test
  void i3_endedAgainAfterTheFirstWasUndone_isAllowed() {
    Story story = new Story().enqueue(1).take(1, 1).complete(1, 1).fault(Durability.HOST);
    passes(story.at(31).take(1, 2).complete(1, 2).check(Durability.PROCESS), "I3");
  }

  private static Story replay(Story story) {
    story.say(new Entry.ChangeSent(id(1), Entry.Change.REPLAY, null, story.now()));
    return story.say(new Entry.ChangeAnswered(id(1), Entry.Change.REPLAY, ChangeStatus.APPLIED));
  }

  @Test
  void i7_completedButStoredAsReady_resurrected() {
    Story story = new Story().enqueue(1, kept()).take(1, 1).complete(1, 1);
    shows(story.stored(1, JobState.READY).check(), Kind.RESURRECTED, "I7");
  }

  @Test
  void i7_completedAndStoredAsCompleted_passes() {
    Story story = new Story().enqueue(1, kept()).take(1, 1).complete(1, 1);
    passes(story.stored(1, JobState.COMPLETED).check(), "I7");
  }

  @Test
  void i7_completedButStoredAsDead_illegalEdge() {
    Story story = new Story().enqueue(1, kept()).take(1, 1).complete(1, 1);
    shows(story.stored(1, JobState.DEAD).check(), Kind.ILLEGAL_EDGE, "I7");
  }

  @Test
  void i7_retriedAndStoredAsDead_passes() {
    Story story = new Story().enqueue(1).take(1, 1).ack(1, 1, Ack.Kind.RETRY).enqueue(2, kept());
    story.take(2, 1).complete(2, 1).stored(2, JobState.COMPLETED).stored(1, JobState.DEAD);
    passes(story.check(), "I7");
  }

  @Test
  void i7_handedOutAfterItExpired_resurrected() {
    Story story = new Story().enqueue(1).end(1, JobState.DEAD, Reasons.EXPIRED).take(1, 1);
    shows(story.stored(1, JobState.DEAD).check(), Kind.RESURRECTED, "I7");
  }

  @Test
  void i7_expiredAndStaysSo_passes() {
    Story story = new Story().enqueue(1).end(1, JobState.DEAD, Reasons.EXPIRED);
    passes(story.stored(1, JobState.DEAD).check(), "I7");
  }

  @Test
  void i7_cancelledByAnOperatorButStoredAsReady_resurrected() {
    Story story = new Story().enqueue(1);
    story.say(new Entry.ChangeSent(id(1), Entry.Change.CANCEL, null, story.now()));
    story.say(new Entry.ChangeAnswered(id(1), Entry.Change.CANCEL, ChangeStatus.APPLIED));
    shows(story.stored(1, JobState.READY).check(), Kind.RESURRECTED, "I7");
  }

  @Test
  void i7_movedFromBlockedToRunning_illegalEdge() {
    Story story = new Story().enqueue(1).stored(1, JobState.RUNNING);
    move(story, null, JobState.BLOCKED);
    move(story, JobState.BLOCKED, JobState.RUNNING);
    shows(story.check(), Kind.ILLEGAL_EDGE, "I7");
  }

  @Test
  void i7_movedFromAStateThatItHadLeft_illegalEdge() {
    Story story = new Story().enqueue(1).stored(1, JobState.DEAD);
    move(story, null, JobState.READY);
    move(story, JobState.READY, JobState.RUNNING);
    move(story, JobState.RUNNING, JobState.COMPLETED);
    move(story, JobState.RUNNING, JobState.DEAD);
    shows(story.check(), Kind.ILLEGAL_EDGE, "I7");
  }

  @Test
  void i7_movedAlongTheStateMachine_passes() {
    Story story = new Story().enqueue(1);
    move(story, null, JobState.SCHEDULED);
    move(story, JobState.SCHEDULED, JobState.READY);
    move(story, JobState.READY, JobState.RUNNING);
    move(story, JobState.RUNNING, null);
    passes(story.take(1, 1).complete(1, 1).check(), "I7");
  }

  private static void move(Story story, JobState from, JobState to) {
    story.say(new Entry.Moved(id(1), from, to, story.now()));
  }
}
