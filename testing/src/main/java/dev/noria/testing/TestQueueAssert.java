package dev.noria.testing;

import dev.noria.job.JobKind;
import dev.noria.job.JobState;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on a {@link TestQueue}. Each one that names a type finds its jobs, fails when there
 * are none, and goes on with those it found.
 */
public final class TestQueueAssert extends AbstractAssert<TestQueueAssert, TestQueue> {

  TestQueueAssert(TestQueue actual) {
    super(actual, TestQueueAssert.class);
  }

  /** Jobs of this type wait: due, scheduled, or for other jobs. */
  public <P> JobsAssert<P> enqueued(JobKind<P> type) {
    return some(type, "waiting", sightings().waiting());
  }

  /** Jobs of this type completed, whether they are kept or not. */
  public <P> JobsAssert<P> completed(JobKind<P> type) {
    return some(type, "completed", sightings().finished(JobState.COMPLETED));
  }

  /** Jobs of this type are dead. */
  public <P> JobsAssert<P> dead(JobKind<P> type) {
    return some(type, "dead", sightings().finished(JobState.DEAD));
  }

  /** Jobs of this type were cancelled. */
  public <P> JobsAssert<P> cancelled(JobKind<P> type) {
    return some(type, "cancelled", sightings().finished(JobState.CANCELLED));
  }

  /** No job of this type waits. */
  public TestQueueAssert notEnqueued(JobKind<?> type) {
    return none("a waiting job of type '" + type.name() + "'", ofType(type, waiting()));
  }

  /** No job of this type completed. */
  public TestQueueAssert notCompleted(JobKind<?> type) {
    return none(
        "a completed job of type '" + type.name() + "'",
        ofType(type, sightings().finished(JobState.COMPLETED)));
  }

  /** No job of any type waits. */
  public TestQueueAssert hasNoWaitingJobs() {
    return none("a waiting job", waiting());
  }

  /** No job of any type is dead. */
  public TestQueueAssert hasNoDeadJobs() {
    return none("a dead job", sightings().finished(JobState.DEAD));
  }

  private Sightings sightings() {
    isNotNull();
    return actual.sightings();
  }

  private List<Sighting> waiting() {
    return sightings().waiting();
  }

  private static List<Sighting> ofType(JobKind<?> type, List<Sighting> all) {
    return all.stream().filter(sighting -> sighting.job().type().equals(type.name())).toList();
  }

  private <P> JobsAssert<P> some(JobKind<P> type, String which, List<Sighting> all) {
    List<Sighting> found = ofType(type, all);
    Wording wording = new Wording(sightings().codec(), actual.now());
    String what = which + " job of type '" + type.name() + "'";
    if (found.isEmpty()) {
      throw failure(
          "%nExpected a %s, but there is none. These are %s:%n%s", what, which, wording.list(all));
    }
    return new JobsAssert<>(new JobsAssert.Selection<>(type, what, found), wording, info);
  }

  private TestQueueAssert none(String what, List<Sighting> found) {
    if (!found.isEmpty()) {
      Wording wording = new Wording(sightings().codec(), actual.now());
      throw failure("%nExpected not %s, but there are:%n%s", what, wording.list(found));
    }
    return this;
  }
}
