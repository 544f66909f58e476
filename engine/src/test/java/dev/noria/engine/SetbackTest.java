package dev.noria.engine;

import static dev.noria.engine.Fixture.MILLIS;
import static dev.noria.engine.Fixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.ErrorInfo;
import dev.noria.job.GroupPolicy;
import dev.noria.job.GroupPolicy.StartRate;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clocks that were wrong, durations without end, and what nobody would ever forget. */
class SetbackTest {
  private final Fixture fixture = new Fixture();
  private final EngineStorage storage = fixture.storage;
  private final World world = fixture.replica.read(any -> any);

  private Administration administration() {
    return storage.capability(Administration.class).orElseThrow();
  }

  private static boolean isIdle(World world, Instant now) {
    return new Maintaining(world, now.toEpochMilli()).isIdle();
  }

  @Test
  void aQueueThatOnlyItsPauseKeeps_isNoWorkAndGoesAfterIt() {
    fixture.fill(1, job -> job);
    administration().pause("q", NOW);
    administration().pause("unknown", NOW);
    administration().setPolicy("limited", QueuePolicy.UNLIMITED.withMaxRunning(1), NOW);
    administration().resume("q", NOW);
    fixture.complete(fixture.dequeue(1));
    administration().pause("q", NOW);
    assertThat(storage.maintain(1, NOW).more()).isFalse();
    assertThat(isIdle(world, NOW)).isTrue();
    assertThat(world.queues).containsOnlyKeys("q", "unknown", "limited");
    administration().resume("q", NOW);
    administration().resume("unknown", NOW);
    administration().setPolicy("limited", QueuePolicy.UNLIMITED, NOW);
    administration().resume("never heard of", NOW);
    assertThat(storage.maintain(2, NOW).more()).isTrue();
    assertThat(storage.maintain(2, NOW).more()).isFalse();
    assertThat(world.queues).isEmpty();
    assertThat(isIdle(world, NOW)).isTrue();
  }

  private void startRate(int permits, Duration per) {
    GroupPolicy group = GroupPolicy.UNLIMITED.withStartRate(new StartRate(permits, per, 1));
    administration().setPolicy("q", QueuePolicy.UNLIMITED.withDefaults(group), NOW);
  }

  @Test
  void groupsWhoseBucketsFill_areNoWorkUntilTheyAreFull() {
    startRate(1, Duration.ofHours(1));
    for (int i = 0; i < 30; i++) {
      String group = "g" + i;
      fixture.fill(1, job -> job.group(group));
    }
    fixture.complete(fixture.dequeue(30));
    assertThat(storage.maintain(10, NOW).more()).isFalse();
    assertThat(isIdle(world, NOW)).isTrue();
    Instant full = NOW.plusSeconds(3_600);
    assertThat(isIdle(world, full)).isFalse();
    assertThat(storage.maintain(10, full).more()).isTrue();
    assertThat(storage.maintain(10, full).more()).isTrue();
    assertThat(storage.maintain(10, full).more()).isFalse();
    assertThat(isIdle(world, full)).isTrue();
  }

  private List<LeasedJob> dequeueAt(Instant now) {
    DequeueRequest request =
        new DequeueRequest(
            "worker",
            7,
            now.plusSeconds(30),
            List.of(new Demand("q", 1)),
            1,
            Long.MAX_VALUE,
            false,
            0);
    return storage.dequeue(fixture.call(), request, now).jobs();
  }

  @Test
  void aStartRate_followsAClockThatIsSetBack() {
    startRate(10, Duration.ofMinutes(1));
    fixture.fill(5, job -> job.group("g"));
    Instant ahead = NOW.plus(Duration.ofHours(6));
    assertThat(dequeueAt(ahead)).hasSize(1);
    assertThat(dequeueAt(ahead)).isEmpty();
    assertThat(dequeueAt(NOW)).isEmpty();
    assertThat(dequeueAt(NOW.plusSeconds(5))).isEmpty();
    assertThat(dequeueAt(NOW.plusSeconds(6))).hasSize(1);
    assertThat(dequeueAt(NOW.plusSeconds(11))).isEmpty();
    assertThat(dequeueAt(NOW.plusSeconds(12))).hasSize(1);
  }

  @Test
  void aStartRate_holdsForClocksThatDifferALittle() {
    startRate(10, Duration.ofMinutes(1));
    fixture.fill(20, job -> job.group("g"));
    int started = 0;
    for (int second = 0; second < 30; second++) {
      Instant now = NOW.plusSeconds(second);
      started += dequeueAt(now).size() + dequeueAt(now.plusSeconds(30)).size();
    }
    assertThat(started).isBetween(5, 11);
  }

  @Test
  void aClientFromTheFuture_keepsNobodyElseFromBeingForgotten() {
    List<NewJob> none = List.of();
    storage.enqueue(new CallId(1, 1), none, NOW.plus(Duration.ofDays(400)));
    storage.enqueue(new CallId(2, 1), none, NOW);
    storage.enqueue(new CallId(3, 1), none, NOW.plus(Duration.ofDays(1)));
    Instant next = NOW.plus(Duration.ofDays(1));
    assertThat(isIdle(world, next)).isFalse();
    storage.maintain(100, next);
    assertThat(world.calls.size()).isEqualTo(2);
    assertThat(isIdle(world, next)).isTrue();
    storage.maintain(100, next.plus(Duration.ofDays(1)));
    assertThat(world.calls.size()).isZero();
  }

  private EnqueueReceipt enqueue(NewJob job) {
    return storage.enqueue(fixture.call(), List.of(job), NOW).get(0);
  }

  @Test
  void aWindowWithoutEnd_isNotOverAtOnce() {
    Duration forEver = Duration.ofSeconds(Long.MAX_VALUE / 1_000);
    JobKey key = new JobKey("k", KeyPolicy.forWindow(forEver));
    NewJob first = fixture.job(job -> job.key(key));
    assertThat(enqueue(first).status()).isEqualTo(EnqueueReceipt.Status.ENQUEUED);
    assertThat(enqueue(fixture.job(job -> job.key(key))).status())
        .isEqualTo(EnqueueReceipt.Status.DUPLICATE);
    assertThat(storage.maintain(100, NOW).healed()).isZero();
  }

  @Test
  void aRetentionWithoutEnd_isRefusedBeforeItIsStored() {
    fixture.fill(1, job -> job);
    Lease lease = fixture.dequeue(1).get(0).lease();
    Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
    assertThatThrownBy(() -> new Ack.Completed(lease, null, forEver, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Expected zero to 100 years");
  }

  @Test
  void aJobThatGoesOnWithoutItsKey_isNotHealed() {
    JobKey key = new JobKey("k", KeyPolicy.whileWaiting());
    NewJob first = fixture.job(job -> job.key(key));
    NewJob second = fixture.job(job -> job.key(key));
    enqueue(first);
    Lease running = fixture.dequeue(1).get(0).lease();
    enqueue(second);
    Ack retry = new Ack.Retry(running, NOW.plusSeconds(60), ErrorInfo.of("Broken", "it broke"));
    storage.ack(fixture.call(), List.of(retry), NOW);
    assertThat(fixture.dequeue(1)).extracting(LeasedJob::id).containsExactly(second.id());
    assertThat(storage.maintain(100, NOW).healed()).isZero();
    assertThat(enqueue(fixture.job(job -> job.key(key))).status())
        .isEqualTo(EnqueueReceipt.Status.ENQUEUED);
  }

  /**
   * Keeps contents by their place only, and loses them; ends of damaged jobs do not get through.
   */
  private static final class Unlucky implements Journal {
    private final Replica replica;
    private long sequence;

    Unlucky(Replica replica) {
      this.replica = replica;
    }

    @Override
    public <T> T commit(Command<T> command) {
      if (command instanceof LeaseCommands.Corrupt) {
        throw new StorageException(StorageException.Kind.UNAVAILABLE, "The disk is full.");
      }
      byte[] bytes = command.encode();
      return replica.apply(command, ++sequence, bytes, 0, bytes.length);
    }

    @Override
    public void catchUp() {}

    @Override
    public void close() {}
  }

  @Test
  void anExchange_whoseDamagedJobsCanNotBeEnded_hasHappened() {
    Replica replica = new Replica();
    EngineStorage unlucky =
        new EngineStorage(
            storage.info(),
            replica,
            new EngineStorage.Backing(new Unlucky(replica), (commit, offset, length) -> null, 5));
    NewJob damaged = fixture.job(job -> job.payload(Bytes.utf8("a payload that is lost")));
    unlucky.enqueue(fixture.call(), List.of(damaged), NOW);
    Exchange exchange = unlucky.exchange(fixture.call(), List.of(), Fixture.request(1, false), NOW);
    assertThat(exchange.jobs()).isEmpty();
    assertThat(exchange.ended()).isEmpty();
    World seen = replica.read(any -> any);
    assertThat(seen.owners).hasSize(1);
    int ignored = replica.run(Command.left(5));
    assertThat(seen.owners).isEmpty();
    assertThat(unlucky.maintain(100, NOW.plusSeconds(29)).reclaimed()).isEmpty();
    assertThat(unlucky.maintain(100, NOW.plusSeconds(31)).reclaimed())
        .containsExactly(damaged.id());
  }

  @Test
  void aSnapshot_remembersTheLatestLook() throws Exception {
    startRate(10, Duration.ofMinutes(1));
    fixture.fill(1, job -> job.group("g"));
    assertThat(dequeueAt(NOW.plusSeconds(9_000))).hasSize(1);
    Replica other = new Replica();
    byte[] bytes = SharedLog.snapshot(fixture.replica);
    other.restore(new ByteArrayInputStream(bytes));
    assertThat(SharedLog.snapshot(other)).isEqualTo(bytes);
    World restored = other.read(any -> any);
    assertThat(restored.queue("q").ring.latest()).isEqualTo(MILLIS + 9_000_000);
  }
}
