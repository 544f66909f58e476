package dev.noria.engine;

import static dev.noria.engine.Fixture.NOW;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.storage.Administration;
import dev.noria.storage.LeasedJob;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A place that is lost is found again (S5.3). */
class VerifyingTest {
  private final Fixture fixture = new Fixture();
  private final EngineStorage storage = fixture.storage;
  private final World world = fixture.replica.read(any -> any);

  private Entry stored(NewJob job) {
    storage.enqueue(fixture.call(), List.of(job), NOW);
    return requireNonNull(world.jobs.get(job.id()));
  }

  private int healed() {
    return storage.maintain(100, NOW).healed();
  }

  @Test
  void aReadyJobOutsideItsLine_isPutBack() {
    Entry entry = stored(fixture.job(job -> job));
    entry.line.remove(entry);
    assertThat(healed()).isEqualTo(1);
    assertThat(entry.line.first()).isSameAs(entry);
    assertThat(healed()).isZero();
  }

  @Test
  void aScheduledJobOutsideTheHeap_isPutBack() {
    Entry entry = stored(fixture.job(job -> job.runAt(NOW.plusSeconds(9))));
    entry.line.queue.scheduled.remove(entry);
    assertThat(healed()).isEqualTo(1);
    assertThat(entry.line.queue.scheduled.first()).isSameAs(entry);
  }

  @Test
  void aLeaseWithoutExpiry_isListedAgain() {
    Entry entry = stored(fixture.job(job -> job));
    storage.exchange(fixture.call(), List.of(), Fixture.request(1, false), NOW);
    world.leases.remove(entry);
    assertThat(healed()).isEqualTo(1);
    assertThat(world.leases.firstUntil(NOW.plusSeconds(30).toEpochMilli())).isSameAs(entry);
  }

  @Test
  void aLineOutsideTheRing_isOfferedAgain() {
    Entry entry = stored(fixture.job(job -> job.group("g")));
    entry.line.queue.ring.clear();
    assertThat(healed()).isEqualTo(1);
    assertThat(entry.line.queue.turn(Fixture.MILLIS)).isSameAs(entry.line);
  }

  @Test
  void aKeyThatIsNotHeld_isTakenAgain() {
    JobKey key = new JobKey("k", KeyPolicy.whileUnfinished());
    Entry entry = stored(fixture.job(job -> job.key(key)));
    world.keys.gone(entry);
    assertThat(healed()).isEqualTo(1);
    assertThat(requireNonNull(world.keys.holding(new Keys.Name("q", "k"), Fixture.MILLIS)).holder())
        .isEqualTo(entry.id());
  }

  private Entry blockedOn(Entry... others) {
    List<JobId> ids = Stream.of(others).map(Entry::id).toList();
    return stored(fixture.job(job -> job.dependencies(Dependencies.on(ids))));
  }

  private void complete(Entry entry) {
    LeasedJob leased =
        fixture.dequeue(1).stream().filter(job -> entry.is(job.lease().id())).findFirst().get();
    fixture.complete(List.of(leased));
  }

  @Test
  void aBlockedJobWithoutItsEdge_isLinkedAgain() {
    Entry first = stored(fixture.job(job -> job));
    Entry blocked = blockedOn(first);
    world.dependents.delist(blocked);
    assertThat(healed()).isEqualTo(1);
    assertThat(healed()).isZero();
    assertThat(blocked.state).isEqualTo(JobState.BLOCKED);
    complete(first);
    assertThat(blocked.state).isEqualTo(JobState.READY);
  }

  @Test
  void aBlockedJobWithoutItsEdge_whoseDependencyEndedMeanwhile_isReleased() {
    Retention kept = Retention.WITH_RESULT;
    Entry first = stored(fixture.job(job -> job.retention(kept)));
    Entry second = stored(fixture.job(job -> job.retention(kept)));
    Entry blocked = blockedOn(first, second);
    complete(first);
    world.dependents.delist(blocked);
    cancel(second);
    assertThat(healed()).isEqualTo(1);
    assertThat(storage.maintain(100, NOW).ended()).hasSize(1);
    assertThat(blocked.state).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aBlockedJobThatNobodyWillTell_isToldAfterAll() {
    Entry first = stored(fixture.job(job -> job.retention(Retention.WITH_RESULT)));
    List<Entry> many = new ArrayList<>();
    for (int i = 0; i < Enqueuing.SETTLED + 5; i++) {
      many.add(blockedOn(first));
    }
    complete(first);
    assertThat(world.dependents.hasUnsettled()).isTrue();
    world.dependents.dropFirstEnded();
    for (int i = 0; i < 20; i++) {
      storage.maintain(1_000, NOW);
    }
    assertThat(many).allMatch(entry -> entry.state == JobState.READY);
  }

  @Test
  void aJobThatIsHeld_isNotWrong() {
    Entry first = stored(fixture.job(job -> job));
    Dependencies hold = Dependencies.on(List.of(first.id())).onFailure(Dependencies.OnFailure.HOLD);
    Entry blocked = stored(fixture.job(job -> job.dependencies(hold)));
    cancel(first);
    assertThat(healed()).isZero();
    assertThat(blocked.state).isEqualTo(JobState.BLOCKED);
  }

  private void cancel(Entry entry) {
    storage.capability(Administration.class).orElseThrow().cancel(List.of(entry.id()), NOW);
  }

  @Test
  void aSweep_reachesEveryJob() {
    for (int i = 0; i < 250; i++) {
      stored(fixture.job(job -> job));
    }
    Entry last = world.jobs.after(null, 250).get(249);
    last.line.remove(last);
    assertThat(healed() + healed() + healed()).isEqualTo(1);
  }
}
