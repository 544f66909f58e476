package dev.noria.engine;

import static dev.noria.engine.Fixture.NOW;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A place that is lost is found again (S5.3). */
class VerifyingTest {
  private final World world = new World(new Outbox());
  private final Engine engine = new Engine(world);
  private final Fixture fixture = new Fixture();

  private Entry stored(NewJob job) {
    engine.enqueue(fixture.call(), List.of(job), NOW);
    return requireNonNull(world.jobs.get(job.id()));
  }

  private int healed() {
    return engine.maintain(100, NOW).healed();
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
    engine.exchange(fixture.call(), List.of(), Fixture.request(1, false), NOW);
    world.leases.remove(entry);
    assertThat(healed()).isEqualTo(1);
    assertThat(world.leases.firstUntil(NOW.plusSeconds(30).toEpochMilli())).isSameAs(entry);
  }

  @Test
  void aLineOutsideTheRing_isOfferedAgain() {
    Entry entry = stored(fixture.job(job -> job.group("g")));
    entry.line.queue.ring.clear();
    assertThat(healed()).isEqualTo(1);
    assertThat(entry.line.queue.turn(NOW)).isSameAs(entry.line);
  }

  @Test
  void aKeyThatIsNotHeld_isTakenAgain() {
    JobKey key = new JobKey("k", KeyPolicy.whileUnfinished());
    Entry entry = stored(fixture.job(job -> job.key(key)));
    world.keys.gone(entry);
    assertThat(healed()).isEqualTo(1);
    assertThat(requireNonNull(world.keys.holding(new Keys.Name("q", "k"), NOW)).holder())
        .isEqualTo(entry.id());
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
