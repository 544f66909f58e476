package dev.noria.tck.history;

import static dev.noria.tck.history.Story.id;
import static dev.noria.tck.history.Story.second;
import static dev.noria.tck.history.Verdicts.passes;
import static dev.noria.tck.history.Verdicts.shows;

import dev.noria.job.JobState;
import dev.noria.storage.Durability;
import dev.noria.tck.history.Verdict.Kind;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** I10. */
final class TicksTest {
  private static Story ticked(Story story, int job) {
    story.say(new Entry.TickSent("daily", second(0), id(job))).enqueue(job);
    story.say(new Entry.TickEnqueued("daily", second(0), id(job)));
    return story.stored(job, JobState.READY);
  }

  private static Story expecting(Story story, long... seconds) {
    List<Instant> ticks = Arrays.stream(seconds).mapToObj(Story::second).toList();
    return story.promising(promise -> promise.withTicks(Map.of("daily", ticks)));
  }

  @Test
  void i10_twoJobsOfOneTick_dupEnqueue() {
    shows(ticked(ticked(new Story(), 1), 2).check(), Kind.DUP_ENQUEUE, "I10");
  }

  @Test
  void i10_oneJobOfATick_passes() {
    passes(expecting(ticked(new Story(), 1), 0).check(), "I10");
  }

  @Test
  void i10_secondJobOfUnknownOutcomeThatNeverAppeared_passes() {
    Story story = ticked(new Story(), 1);
    story.say(new Entry.TickSent("daily", second(0), id(2))).enqueueUnknown(2);
    passes(story.check(), "I10");
  }

  @Test
  void i10_secondJobOfUnknownOutcomeThatAppeared_dupEnqueue() {
    Story story = ticked(new Story(), 1);
    story.say(new Entry.TickSent("daily", second(0), id(2))).enqueueUnknown(2);
    shows(story.stored(2, JobState.READY).check(), Kind.DUP_ENQUEUE, "I10");
  }

  @Test
  void i10_missingTick_lost() {
    shows(expecting(ticked(new Story(), 1), 0, 60).check(), Kind.LOST, "I10");
  }

  @Test
  void i10_tickMissingAfterAFaultBeyondThePromise_isAllowed() {
    Story story = expecting(ticked(new Story(), 1), 0, 60).fault(Durability.HOST);
    passes(story.check(Durability.PROCESS), "I10");
  }

  @Test
  void i10_sameJobToldTwice_passes() {
    Story story = ticked(new Story(), 1);
    story.say(new Entry.TickEnqueued("daily", second(0), id(1)));
    passes(expecting(story, 0).check(), "I10");
  }
}
