package dev.noria.tck.history;

import static dev.noria.tck.history.Story.id;
import static dev.noria.tck.history.Verdicts.passes;
import static dev.noria.tck.history.Verdicts.shows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.Durability;
import dev.noria.tck.history.Verdict.Kind;
import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** I9. */
final class KeysTest {
  private static final KeyPolicy UNFINISHED = KeyPolicy.whileUnfinished();
  private static final KeyPolicy WAITING = KeyPolicy.whileWaiting();
  private static final KeyPolicy WINDOW = KeyPolicy.forWindow(Duration.ofSeconds(10));

  private static UnaryOperator<NewJob.Builder> key(KeyPolicy policy) {
    return job -> job.key(new JobKey("k", policy)).retention(Retention.WITH_RESULT);
  }

  /** Two jobs of one key, both accepted; the first is in {@code state} when the second comes. */
  private static Story two(Story first, KeyPolicy policy, JobState end) {
    return first.enqueue(2, key(policy)).stored(1, end).stored(2, JobState.READY);
  }

  @Test
  void i9_secondWhileTheFirstWaits_dupEnqueue() {
    Story story = new Story().enqueue(1, key(UNFINISHED));
    shows(two(story, UNFINISHED, JobState.READY).check(), Kind.DUP_ENQUEUE, "I9");
  }

  @Test
  void i9_secondWhileTheFirstRuns_dupEnqueue() {
    Story story = new Story().enqueue(1, key(UNFINISHED)).take(1, 1);
    shows(two(story, UNFINISHED, JobState.RUNNING).check(), Kind.DUP_ENQUEUE, "I9");
  }

  @Test
  void i9_secondAfterTheFirstCompleted_passes() {
    Story story = new Story().enqueue(1, key(UNFINISHED)).take(1, 1).complete(1, 1);
    CallId call = story.send(3, key(UNFINISHED));
    story.enqueue(2, key(UNFINISHED));
    story.answer(call, 3, EnqueueReceipt.duplicate(id(2), JobState.READY));
    passes(story.stored(1, JobState.COMPLETED).stored(2, JobState.READY).check(), "I9");
  }

  @Test
  void i9_secondWhileAnAckOfTheFirstIsOpen_passes() {
    Story story = new Story().enqueue(1, key(UNFINISHED)).take(1, 1);
    story.sendAck(1, 1, Ack.Kind.COMPLETED);
    Verdict verdict = two(story, UNFINISHED, JobState.COMPLETED).check();
    assertThat(verdict.valid()).as(verdict.explain()).isTrue();
  }

  @Test
  void i9_concurrentEnqueuesBothAccepted_dupEnqueue() {
    Story story = new Story();
    CallId one = story.send(1, key(UNFINISHED));
    CallId two = story.send(2, key(UNFINISHED));
    story.answer(one, 1, EnqueueReceipt.enqueued(id(1)));
    story.answer(two, 2, EnqueueReceipt.enqueued(id(2)));
    story.stored(1, JobState.READY).stored(2, JobState.READY);
    shows(story.check(), Kind.DUP_ENQUEUE, "I9");
  }

  @Test
  void i9_concurrentEnqueuesOfWhichOneMayHaveEndedBetween_passes() {
    Story story = new Story();
    CallId two = story.send(2, key(UNFINISHED));
    story.enqueue(1, key(UNFINISHED)).take(1, 1).complete(1, 1);
    story.answer(two, 2, EnqueueReceipt.enqueued(id(2)));
    passes(story.stored(1, JobState.COMPLETED).stored(2, JobState.READY).check(), "I1");
  }

  @Test
  void i9_otherKeyOrQueue_passes() {
    Story story = new Story().enqueue(1, key(UNFINISHED));
    story.enqueue(2, job -> key(UNFINISHED).apply(job).queue("other"));
    CallId call = story.send(3, key(UNFINISHED));
    story.answer(call, 3, EnqueueReceipt.duplicate(id(1), JobState.READY));
    passes(story.stored(1, JobState.READY).stored(2, JobState.READY).check(), "I9");
  }

  @Test
  void i9_secondBehindARunningOneWithWhileWaiting_passes() {
    Story story = new Story().enqueue(1, key(WAITING)).take(1, 1);
    Verdict verdict = two(story, WAITING, JobState.RUNNING).check();
    assertThat(verdict.valid()).as(verdict.explain()).isTrue();
  }

  @Test
  void i9_secondBehindAWaitingOneWithWhileWaiting_dupEnqueue() {
    Story story = new Story().enqueue(1, key(WAITING));
    shows(two(story, WAITING, JobState.READY).check(), Kind.DUP_ENQUEUE, "I9");
  }

  @Test
  void i9_secondInsideTheWindow_dupEnqueue() {
    Story story = new Story().enqueue(1, key(WINDOW)).take(1, 1).complete(1, 1).at(9);
    shows(two(story, WINDOW, JobState.COMPLETED).check(), Kind.DUP_ENQUEUE, "I9");
  }

  @Test
  void i9_secondAfterTheWindow_passes() {
    Story story = new Story().enqueue(1, key(WINDOW)).take(1, 1).at(10);
    Verdict verdict = two(story, WINDOW, JobState.RUNNING).check();
    assertThat(verdict.valid()).as(verdict.explain()).isTrue();
  }

  @Test
  void i9_secondWhileTheFirstIsKept_dupEnqueue() {
    KeyPolicy kept = KeyPolicy.untilPurged();
    Story story = new Story().enqueue(1, key(kept)).take(1, 1).complete(1, 1).at(3_599);
    story.promising(promise -> promise.withUnhandledTypes(Set.of("type")));
    shows(two(story, kept, JobState.COMPLETED).check(), Kind.DUP_ENQUEUE, "I9");
  }

  @Test
  void i9_secondAfterTheRetentionOfTheFirst_passes() {
    KeyPolicy kept = KeyPolicy.untilPurged();
    Story story = new Story().enqueue(1, key(kept)).take(1, 1).complete(1, 1).at(3_600);
    story.promising(promise -> promise.withUnhandledTypes(Set.of("type")));
    story.enqueue(2, key(kept)).stored(2, JobState.READY);
    Verdict verdict = story.check();
    assertThat(verdict.valid()).as(verdict.explain()).isTrue();
  }

  @Test
  void i9_secondAfterTheFirstWasUndone_isAllowed() {
    Story story = new Story().enqueue(1, key(UNFINISHED)).fault(Durability.HOST);
    story.enqueue(2, key(UNFINISHED)).stored(2, JobState.READY);
    passes(story.check(Durability.PROCESS), "I9");
  }

  @Test
  void i9_keyOfAFinishedJobStillAnswers_indexDrift() {
    Story story = new Story().enqueue(1, key(UNFINISHED)).take(1, 1).complete(1, 1);
    CallId call = story.send(2, key(UNFINISHED));
    story.answer(call, 2, EnqueueReceipt.duplicate(id(1), JobState.COMPLETED));
    shows(story.stored(1, JobState.COMPLETED).check(), Kind.INDEX_DRIFT, "I9");
  }

  @Test
  void i9_oneIdAcceptedTwiceWhileStored_dupEnqueue() {
    Story story = new Story().enqueue(1).enqueue(1).stored(1, JobState.READY);
    shows(story.check(), Kind.DUP_ENQUEUE, "I9");
  }

  @Test
  void i9_oneIdAcceptedAgainAfterItVanished_passes() {
    Story story = new Story().enqueue(1).take(1, 1).complete(1, 1).enqueue(1);
    passes(story.stored(1, JobState.READY).check(), "I9");
  }

  @Test
  void i9_oneIdAnsweredAsItsOwnDuplicate_passes() {
    Story story = new Story().enqueue(1);
    CallId call = story.send(1, same -> same);
    story.answer(call, 1, EnqueueReceipt.duplicate(id(1), JobState.READY));
    passes(story.stored(1, JobState.READY).check(), "I1");
  }
}
