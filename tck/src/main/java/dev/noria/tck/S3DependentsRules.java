package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Dependencies;
import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.EndedJob;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an end means for those that wait for it (S3.4). */
abstract class S3DependentsRules extends Rules {

  private List<NewJob> fan(int count, Dependencies on) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(rig().job(job -> job.dependencies(on)));
    }
    rig().enqueue(jobs);
    return jobs;
  }

  private LeasedJob leasedFirst(Retention retention) {
    rig().enqueued(rig().job(job -> job.queue("first").retention(retention)));
    return rig().dequeue("first", 1).get(0);
  }

  private static Dependencies on(LeasedJob job) {
    return Dependencies.on(List.of(job.id()));
  }

  private long inState(List<NewJob> jobs, JobState state) {
    return rig().storage().find(idsOf(jobs), Set.of()).stream()
        .filter(job -> job.state() == state)
        .count();
  }

  @Test
  void s3_4_theAckerSettlesItsDependents() {
    LeasedJob first = leasedFirst(Retention.NO_RESULT);
    List<NewJob> dependents = fan(10, on(first));
    rig().complete(first);
    assertThat(inState(dependents, JobState.READY)).as("without maintenance").isEqualTo(10);
    assertThat(rig().dequeue(20)).hasSize(10);
  }

  @Test
  void s3_4_aFailureCancelsItsDependentsWithoutMaintenance() {
    LeasedJob first = leasedFirst(Retention.NO_RESULT);
    List<NewJob> dependents = fan(10, on(first));
    rig().kill(first);
    assertThat(inState(dependents, JobState.CANCELLED)).isEqualTo(10);
  }

  @Test
  void s3_4_neverBeforeTheLastDependencyEnded() {
    int count = 1_000;
    List<NewJob> many = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      many.add(rig().job("many"));
    }
    rig().enqueue(many);
    NewJob last = fan(1, Dependencies.on(idsOf(many))).get(0);
    List<LeasedJob> held = new ArrayList<>(rig().dequeue("many", count));
    Collections.shuffle(held, new Random(5));
    for (int i = 0; i < count; i += 111) {
      assertThat(rig().state(last.id())).isEqualTo(JobState.BLOCKED);
      List<Ack> acks = new ArrayList<>();
      held.subList(i, Math.min(count, i + 111))
          .forEach(job -> acks.add(new Ack.Completed(job.lease())));
      rig().main().ack(acks);
    }
    new Stage(rig()).settle();
    assertThat(leasedIds(rig().dequeue(10))).containsExactly(last.id());
  }

  @Test
  void s3_4_aWideFanOutIsSettledInBoundedUnits() {
    LeasedJob first = leasedFirst(Retention.NO_RESULT);
    List<NewJob> dependents = fan(3_000, on(first));
    rig().complete(first);
    assertThat(inState(dependents, JobState.READY)).as("in the ack").isLessThanOrEqualTo(1_000);
    Set<JobId> released = new HashSet<>();
    for (int call = 0; call < 1_000 && inState(dependents, JobState.BLOCKED) > 0; call++) {
      Maintained maintained = rig().storage().maintain(500, rig().now());
      maintained.released().forEach(id -> assertThat(released.add(id)).isTrue());
      assertThat(maintained.released()).hasSizeLessThanOrEqualTo(1_000);
    }
    assertThat(inState(dependents, JobState.READY)).isEqualTo(3_000);
    assertThat(new HashSet<>(leasedIds(rig().dequeue(4_000))))
        .isEqualTo(new HashSet<>(idsOf(dependents)));
  }

  @Test
  void s3_4_aWideFanOutOfAFailureThatVanishedIsCancelled() {
    LeasedJob first = leasedFirst(new Retention(Duration.ZERO, Duration.ZERO));
    List<NewJob> dependents = fan(1_500, on(first));
    rig().kill(first);
    new Stage(rig()).settle();
    assertThat(inState(dependents, JobState.CANCELLED)).isEqualTo(1_500);
    rig().time.advance(HOUR);
    new Stage(rig()).settle();
    assertThat(rig().find(first.id())).isEmpty();
  }

  @Test
  void s3_4_maintainNamesWhatItSettled() {
    LeasedJob first = leasedFirst(Retention.NO_RESULT);
    List<NewJob> dependents = fan(2_200, on(first));
    rig().kill(first);
    long byTheAcker = inState(dependents, JobState.CANCELLED);
    Set<JobId> ended = new HashSet<>();
    for (Maintained call : new Stage(rig()).settle()) {
      call.ended().stream().map(EndedJob::id).forEach(ended::add);
      call.ended().forEach(one -> assertThat(one.state()).isEqualTo(JobState.CANCELLED));
    }
    assertThat(ended.size() + byTheAcker).isEqualTo(2_200);
  }

  @Test
  void s3_4_aRetryOrReleaseSettlesNobody() {
    LeasedJob first = leasedFirst(Retention.NO_RESULT);
    List<NewJob> dependents = fan(3, on(first));
    rig().retry(first, rig().now());
    rig().release(rig().dequeue("first", 1).get(0));
    new Stage(rig()).settle();
    assertThat(inState(dependents, JobState.BLOCKED)).isEqualTo(3);
  }

  @Test
  void s3_4_aStaleAckSettlesNobody() {
    LeasedJob first = leasedFirst(Retention.NO_RESULT);
    List<NewJob> dependents = fan(3, on(first));
    rig().release(first);
    assertThat(rig().complete(first).isApplied()).isFalse();
    new Stage(rig()).settle();
    assertThat(inState(dependents, JobState.BLOCKED)).isEqualTo(3);
  }

  @Test
  void s3_4_anExpiredDependencyIsAFailure() {
    NewJob first =
        rig().enqueued(rig().job(job -> job.queue("first").deadline(rig().now().plusSeconds(1))));
    Dependencies on = Dependencies.on(List.of(first.id()));
    List<NewJob> cancelled = fan(2, on);
    List<NewJob> ignored = fan(2, on.onFailure(OnFailure.IGNORE));
    rig().time.advance(HOUR);
    assertThat(rig().look("first", 5).ended()).extracting(EndedJob::id).contains(first.id());
    new Stage(rig()).settle();
    assertThat(inState(cancelled, JobState.CANCELLED)).isEqualTo(2);
    assertThat(inState(ignored, JobState.READY)).isEqualTo(2);
  }

  @Test
  void s3_4_theLastTwoDependenciesMayEndAtTheSameMoment() {
    for (int round = 0; round < 15; round++) {
      rig().enqueue(rig().job("first"), rig().job("first"));
      List<LeasedJob> held = rig().dequeue("first", 2);
      NewJob last = fan(1, Dependencies.on(leasedIds(held))).get(0);
      Crew.run(2, number -> () -> rig().client().ack(new Ack.Completed(held.get(number).lease())));
      new Stage(rig()).settle();
      LeasedJob next = rig().dequeueOne();
      assertThat(next.id()).isEqualTo(last.id());
      rig().complete(next);
    }
  }

  @Test
  void s3_4_manyMaintainersSettleEachDependentOnce() {
    LeasedJob first = leasedFirst(Retention.NO_RESULT);
    List<NewJob> dependents = fan(2_500, on(first));
    rig().complete(first);
    long byTheAcker = inState(dependents, JobState.READY);
    List<List<JobId>> released =
        Crew.run(
            4,
            number ->
                () -> {
                  List<JobId> mine = new ArrayList<>();
                  for (int i = 0; i < 10; i++) {
                    mine.addAll(rig().storage().maintain(200, rig().now()).released());
                  }
                  return mine;
                });
    List<JobId> all = new ArrayList<>();
    released.forEach(all::addAll);
    new Stage(rig()).settle().forEach(call -> all.addAll(call.released()));
    assertThat(all).doesNotHaveDuplicates().hasSize(2_500 - (int) byTheAcker);
    assertThat(rig().dequeue(4_000)).hasSize(2_500);
  }
}
