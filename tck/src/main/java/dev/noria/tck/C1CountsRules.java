package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobFilter;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Page;
import dev.noria.job.QueueCounts;
import dev.noria.job.QueuePolicy;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.Inspection;
import dev.noria.storage.Inspection.QueueState;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counting what is stored, and what is known of queues (C1.2 to C1.4). */
abstract class C1CountsRules extends CapabilityRules<Inspection> {
  /** How old counts may be. */
  private static final Duration AGE = Duration.ofSeconds(2);

  C1CountsRules() {
    super(Inspection.class);
  }

  /** The counts at rest: a maintain later than they may be old, so that they must be exact. */
  private Map<JobState, Long> counts(String queue) {
    rig().time.advance(AGE.plusMillis(1));
    new Stage(rig()).settle();
    return capability().counts(queue).byState();
  }

  private static Map<JobState, Long> only(JobState state, long count) {
    return new QueueCounts(Map.of(state, count)).byState();
  }

  @Test
  void c1_2_anUnknownQueueCountsZero() {
    QueueCounts counts = capability().counts("nobody");
    assertThat(counts.total()).isZero();
    assertThat(counts.byState()).containsOnlyKeys(JobState.values());
  }

  @ParameterizedTest
  @EnumSource
  void c1_2_aJobIsCountedInItsState(JobState state) {
    Stage stage = new Stage(rig());
    stage.in(state);
    assertThat(counts(Rig.QUEUE)).isEqualTo(only(state, 1));
    stage.in(state);
    assertThat(counts(Rig.QUEUE)).isEqualTo(only(state, 2));
    assertThat(counts("nobody")).isEqualTo(new QueueCounts(Map.of()).byState());
  }

  @Test
  void c1_2_countsFollowEachTransition() {
    rig().enqueued(rig().job(job -> job.retention(Stage.KEPT).runAt(rig().now().plusSeconds(30))));
    assertThat(counts(Rig.QUEUE)).isEqualTo(only(JobState.SCHEDULED, 1));
    rig().time.advance(Duration.ofSeconds(30));
    LeasedJob first = rig().dequeueOne();
    assertThat(counts(Rig.QUEUE)).isEqualTo(only(JobState.RUNNING, 1));
    rig().ack(new Ack.Released(first.lease(), null, null));
    assertThat(counts(Rig.QUEUE)).isEqualTo(only(JobState.READY, 1));
    LeasedJob second = rig().dequeueOne();
    rig().ack(new Ack.Retry(second.lease(), rig().now().plusSeconds(60), Rig.error("x")));
    assertThat(counts(Rig.QUEUE)).isEqualTo(only(JobState.SCHEDULED, 1));
    rig().time.advance(Duration.ofSeconds(60));
    rig().dequeueOne();
    new Stage(rig()).crash();
    assertThat(counts(Rig.QUEUE)).isEqualTo(only(JobState.READY, 1));
    rig().complete(rig().dequeueOne());
    assertThat(counts(Rig.QUEUE)).isEqualTo(only(JobState.COMPLETED, 1));
    rig().time.advance(Duration.ofHours(2));
    assertThat(counts(Rig.QUEUE)).isEqualTo(new QueueCounts(Map.of()).byState());
  }

  @Test
  void c1_2_aJobThatVanishesWithItsAckIsNotCounted() {
    rig().enqueue(rig().jobs(10));
    rig().dequeue(10).forEach(rig()::complete);
    assertThat(counts(Rig.QUEUE)).isEqualTo(new QueueCounts(Map.of()).byState());
  }

  @ParameterizedTest
  @EnumSource(names = {"BLOCKED", "SCHEDULED", "READY"})
  void c1_2_countsFollowAnOperator(JobState state) {
    rig().needs(Administration.class);
    Administration administration = rig().capability(Administration.class);
    NewJob job = new Stage(rig()).in(state);
    administration.cancel(List.of(job.id()), rig().now());
    assertThat(counts(Rig.QUEUE)).isEqualTo(only(JobState.CANCELLED, 1));
    administration.replay(List.of(job.id()), rig().now());
    assertThat(counts(Rig.QUEUE).values().stream().mapToLong(Long::longValue).sum()).isEqualTo(1);
    administration.delete(List.of(job.id()), rig().now());
    assertThat(counts(Rig.QUEUE)).isEqualTo(new QueueCounts(Map.of()).byState());
  }

  @ParameterizedTest
  @EnumSource(Walk.class)
  void c1_2_atRestTheCountsEqualARecount(Walk walk) {
    SplittableRandom random = new SplittableRandom(walk.seed);
    for (int step = 0; step < 150; step++) {
      step(random);
    }
    for (String queue : List.of("a", "b")) {
      Map<JobState, Long> counts = counts(queue);
      assertThat(counts).as("%s with seed %d", queue, walk.seed).isEqualTo(recount(queue));
    }
  }

  /** Seeds of random walks. */
  enum Walk {
    FIRST(1),
    SECOND(20_300_101),
    THIRD(-77);

    private final long seed;

    Walk(long seed) {
      this.seed = seed;
    }
  }

  private void step(SplittableRandom random) {
    String queue = random.nextBoolean() ? "a" : "b";
    switch (random.nextInt(5)) {
      case 0 -> rig().time.advance(Duration.ofSeconds(random.nextInt(20)));
      case 1 -> rig().storage().maintain(1 + random.nextInt(10), rig().now());
      case 2 -> rig().dequeue(queue, 1 + random.nextInt(5)).forEach(job -> end(job, random));
      default -> enqueue(queue, random);
    }
  }

  private void enqueue(String queue, SplittableRandom random) {
    Instant due = rig().now().plusSeconds(random.nextInt(-20, 20));
    Instant deadline = random.nextInt(5) == 0 ? rig().now().plusSeconds(15) : null;
    boolean kept = random.nextBoolean();
    rig()
        .enqueued(
            rig()
                .job(
                    job -> {
                      job.queue(queue).runAt(due).deadline(deadline);
                      return kept ? job.retention(Stage.KEPT) : job;
                    }));
  }

  private void end(LeasedJob job, SplittableRandom random) {
    switch (random.nextInt(6)) {
      case 0 -> rig().complete(job);
      case 1 -> rig().ack(new Ack.Retry(job.lease(), rig().now().plusSeconds(5), Rig.error("x")));
      case 2 -> rig().ack(new Ack.Released(job.lease(), null, "busy"));
      case 3 -> rig().ack(new Ack.Dead(job.lease(), Rig.error("x")));
      case 4 -> rig().ack(new Ack.Cancelled(job.lease(), "stop"));
      default -> {}
    }
  }

  private Map<JobState, Long> recount(String queue) {
    Map<JobState, Long> counts = new EnumMap<>(new QueueCounts(Map.of()).byState());
    String cursor = null;
    do {
      Page<StoredJob> page = capability().list(JobFilter.all().queue(queue), cursor, 1_000);
      page.items().forEach(job -> counts.merge(job.state(), 1L, Long::sum));
      cursor = page.next();
    } while (cursor != null);
    return counts;
  }

  @Test
  void c1_3_nothingIsReadyInAnEmptyQueue() {
    assertThat(capability().oldestReady(Rig.QUEUE)).isEmpty();
    for (JobState state : JobState.values()) {
      if (state != JobState.READY) {
        new Stage(rig()).in(state);
      }
    }
    assertThat(capability().oldestReady(Rig.QUEUE)).isEmpty();
  }

  @Test
  void c1_3_theOldestReadyJobCountsWhateverItsPriority() {
    Instant first = rig().now();
    rig().enqueued(rig().job(job -> job.priority(-10)));
    Instant second = rig().time.advance(Duration.ofSeconds(5));
    NewJob strong = rig().enqueued(rig().job(job -> job.priority(10)));
    rig().enqueued(rig().job(job -> job.queue("other")));
    assertThat(capability().oldestReady(Rig.QUEUE)).contains(first);
    assertThat(capability().oldestReady("other")).contains(second);
    assertThat(rig().dequeueOne().id()).isEqualTo(strong.id());
    assertThat(capability().oldestReady(Rig.QUEUE)).contains(first);
    rig().dequeueOne();
    assertThat(capability().oldestReady(Rig.QUEUE)).isEmpty();
  }

  @Test
  void c1_3_aRetriedJobIsReadySinceItsRetry() {
    rig().enqueued(rig().job());
    LeasedJob job = rig().dequeueOne();
    Instant later = rig().time.advance(Duration.ofSeconds(7));
    rig().ack(new Ack.Retry(job.lease(), later, Rig.error("x")));
    assertThat(capability().oldestReady(Rig.QUEUE)).contains(later);
  }

  @Test
  void c1_4_queuesComeInBytewiseOrder() {
    // U+10000 is a surrogate pair: smaller than U+FFFD as UTF-16, greater as UTF-8
    List<String> names = List.of("a", "A", "ä", "a b", "a/b", "\uFFFD", "\uD800\uDC00", "%", "z");
    names.forEach(name -> rig().enqueued(rig().job(job -> job.queue(name))));
    assertThat(capability().queues())
        .containsExactly(
            open("%"),
            open("A"),
            open("a"),
            open("a b"),
            open("a/b"),
            open("z"),
            open("ä"),
            open("\uFFFD"),
            open("\uD800\uDC00"));
  }

  private static QueueState open(String name) {
    return new QueueState(name, false);
  }

  @Test
  void c1_4_aQueueExistsThroughAJobAPolicyOrAPause() {
    rig().needs(Administration.class);
    assertThat(capability().queues()).isEmpty();
    Administration administration = rig().capability(Administration.class);
    rig().enqueued(rig().job(job -> job.queue("job")));
    administration.pause("pause", rig().now());
    administration.setPolicy("policy", QueuePolicy.UNLIMITED.withMaxRunning(1), rig().now());
    assertThat(capability().queues())
        .containsExactly(open("job"), new QueueState("pause", true), open("policy"));
    administration.resume("pause", rig().now());
    rig().complete(rig().dequeue("job", 1).get(0));
    new Stage(rig()).settle();
    assertThat(capability().queues()).containsExactly(open("policy"));
  }

  @Test
  void c1_4_aPausedQueueIsShownAsPaused() {
    rig().needs(Administration.class);
    Administration administration = rig().capability(Administration.class);
    rig().enqueued(rig().job());
    administration.pause(Rig.QUEUE, rig().now());
    assertThat(capability().queues()).containsExactly(new QueueState(Rig.QUEUE, true));
    administration.resume(Rig.QUEUE, rig().now());
    assertThat(capability().queues()).containsExactly(open(Rig.QUEUE));
  }

  @Test
  void c1_anotherStorageOverThePlaceSeesTheSame() {
    rig().needsSharing();
    rig().enqueue(rig().jobs(5));
    Inspection other = rig().openAgain().capability(Inspection.class).orElseThrow();
    assertThat(other.list(JobFilter.all(), null, 10))
        .isEqualTo(capability().list(JobFilter.all(), null, 10));
    assertThat(other.queues()).isEqualTo(capability().queues());
    counts(Rig.QUEUE);
    assertThat(other.counts(Rig.QUEUE).of(JobState.READY)).isEqualTo(5);
  }
}
