package dev.noria.tck.history;

import static dev.noria.tck.history.Story.id;
import static dev.noria.tck.history.Story.second;
import static dev.noria.tck.history.Verdicts.passes;
import static dev.noria.tck.history.Verdicts.shows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Dependencies;
import dev.noria.job.JobState;
import dev.noria.job.QueueCounts;
import dev.noria.storage.Durability;
import dev.noria.tck.history.Verdict.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** I13 and I14. */
final class AtRestTest {
  private static final long LATER = 90;

  private static Story one() {
    return new Story().enqueue(1).stored(1, JobState.READY);
  }

  @Test
  void i13_countsThatDisagree_indexDrift() {
    Map<String, QueueCounts> wrong = Map.of("q", new QueueCounts(Map.of(JobState.READY, 2L)));
    shows(one().ending(end -> end.withCounts(wrong)).check(), Kind.INDEX_DRIFT, "I13");
  }

  @Test
  void i13_countsOfAQueueWithoutJobs_indexDrift() {
    Map<String, QueueCounts> wrong =
        Map.of(
            "q", new QueueCounts(Map.of(JobState.READY, 1L)),
            "gone", new QueueCounts(Map.of(JobState.RUNNING, 1L)));
    shows(one().ending(end -> end.withCounts(wrong)).check(), Kind.INDEX_DRIFT, "I13");
  }

  @Test
  void i13_noCountsForAQueueWithJobs_indexDrift() {
    shows(one().ending(end -> end.withCounts(Map.of())).check(), Kind.INDEX_DRIFT, "I13");
  }

  @Test
  void i13_faultOfASideIndex_indexDrift() {
    Story story = one().ending(end -> end.withIndexFaults(List.of("no lease entry")));
    shows(story.check(), Kind.INDEX_DRIFT, "I13");
  }

  @Test
  void i13_countsThatAgree_pass() {
    passes(one().check(), "I13");
  }

  @Test
  void i14_dueForThreeLeases_stuck() {
    shows(one().at(LATER).check(), Kind.STUCK, "I14");
  }

  @Test
  void i14_dueForLess_passes() {
    Story story = new Story().enqueue(1, job -> job.runAt(second(1)));
    passes(story.stored(1, JobState.SCHEDULED).at(LATER).check(), "I14");
  }

  @Test
  void i14_soonAfterTheLastFault_isNotJudged() {
    Verdict verdict = one().at(1).fault(Durability.PROCESS).at(LATER).check();
    assertThat(verdict.valid()).isTrue();
    assertThat(verdict.checked("I14").facts()).isZero();
  }

  @Test
  void i14_duringAFault_isNotJudged() {
    Story story = one().say(new Entry.FaultBegan("endless", Durability.PROCESS)).at(LATER);
    assertThat(story.check().valid()).isTrue();
  }

  @Test
  void i14_runningLongAfterItsLease_stuck() {
    Story story = new Story().enqueue(1).take(1, 1).stored(1, JobState.RUNNING);
    shows(story.at(30 + LATER).check(), Kind.STUCK, "I14");
  }

  @Test
  void i14_runningWithALease_passes() {
    Story story = new Story().enqueue(1).take(1, 1).stored(1, JobState.RUNNING);
    passes(story.at(29 + LATER).check(), "I14");
  }

  @Test
  void i14_typeWithoutAHandler_mayWait() {
    Story story = one().promising(promise -> promise.withUnhandledTypes(Set.of("type")));
    assertThat(story.at(LATER).check().valid()).isTrue();
  }

  @Test
  void i14_pausedQueue_mayWait() {
    Story story = one().ending(end -> end.withPausedQueues(Set.of("q")));
    assertThat(story.at(LATER).check().valid()).isTrue();
  }

  private static Story blocked(JobState on, Dependencies.OnFailure policy) {
    Dependencies dependencies = Dependencies.on(List.of(id(1))).onFailure(policy);
    Story story = new Story().enqueue(1).enqueue(2, job -> job.dependencies(dependencies));
    return story.stored(1, on).stored(2, JobState.BLOCKED).at(LATER);
  }

  @Test
  void i14_blockedByAFinishedJob_stuck() {
    shows(blocked(JobState.DEAD, Dependencies.OnFailure.CANCEL).check(), Kind.STUCK, "I14");
  }

  @Test
  void i14_heldByAFailedJob_passes() {
    passes(blocked(JobState.DEAD, Dependencies.OnFailure.HOLD).check(), "I14");
  }

  @Test
  void i14_blockedByAnUnfinishedJob_onlyThatOneIsStuck() {
    Verdict verdict = blocked(JobState.READY, Dependencies.OnFailure.CANCEL).check();
    assertThat(verdict.findings(Kind.STUCK)).extracting(Verdict.Finding::job).containsOnly(id(1));
  }
}
