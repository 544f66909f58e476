package dev.noria.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.QueueCounts;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Events;
import dev.noria.storage.Exchange;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import dev.noria.tck.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What takes more than one unit is done in several, and all of it. */
class BoundsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int MANY = 2_500;

  private final TestServer server = TestServer.seven();
  private final Place place = new Place("bounds-test", "noria");
  private JobStorage storage;
  private Administration administration;
  private int calls;

  @BeforeEach
  void open() {
    storage = RedisStorage.open(server.options(place));
    administration = storage.capability(Administration.class).orElseThrow();
  }

  @AfterEach
  void close() {
    storage.close();
    server.drop(place);
  }

  private CallId call() {
    return new CallId(1, ++calls);
  }

  private static NewJob.Builder job(int number, String queue) {
    return NewJob.builder(new JobId(1, number), "type", queue, Bytes.utf8("payload"));
  }

  /** Two jobs, and many that wait for both. */
  private void enqueueFan() {
    NewJob one = job(1, "first").build();
    NewJob two = job(2, "second").build();
    List<NewJob> jobs = new ArrayList<>(List.of(one, two));
    for (int i = 0; i < MANY; i++) {
      jobs.add(
          job(10 + i, "many").dependencies(Dependencies.on(List.of(one.id(), two.id()))).build());
    }
    assertThat(storage.enqueue(call(), jobs, NOW)).allMatch(receipt -> receipt.isEnqueued());
  }

  private void complete(String queue) {
    Exchange taken = storage.exchange(call(), List.of(), demand(queue), NOW);
    LeasedJob job = taken.jobs().get(0);
    List<Ack> acks = List.of(new Ack.Completed(job.lease(), null, null, List.of()));
    assertThat(storage.ack(call(), acks, NOW)).allMatch(receipt -> receipt.isApplied());
  }

  private static DequeueRequest demand(String queue) {
    return new DequeueRequest(
        "worker",
        7,
        NOW.plusSeconds(30),
        List.of(new DequeueRequest.Demand(queue, 1)),
        1,
        1L << 20,
        false,
        0);
  }

  private QueueCounts counts(String queue) {
    return storage.capability(Inspection.class).orElseThrow().counts(queue);
  }

  private int maintain() {
    int rounds = 1;
    while (storage.maintain(1_000, NOW).more()) {
      rounds++;
    }
    return rounds;
  }

  @Test
  void manyDependents_areSettledInSeveralUnits() {
    enqueueFan();
    complete("first");
    assertThat(maintain()).isGreaterThan(1);
    assertThat(counts("many").of(JobState.BLOCKED)).isEqualTo(MANY);
    complete("second");
    assertThat(counts("many").of(JobState.READY)).isBetween(1L, 1_000L);
    maintain();
    assertThat(counts("many").of(JobState.READY)).isEqualTo(MANY);
  }

  @Test
  void deleteOfAJobWithManyDependents_cancelsThemInSeveralUnits() {
    enqueueFan();
    assertThat(administration.delete(List.of(new JobId(1, 1)), NOW)).hasSize(1);
    assertThat(counts("many").of(JobState.CANCELLED)).isBetween(1L, 1_000L);
    maintain();
    assertThat(counts("many").of(JobState.CANCELLED)).isEqualTo(MANY);
  }

  @Test
  void clear_leavesNothingThatWaitedForWhatItRemoves() {
    NewJob first = job(1, "q").build();
    NewJob waiting = job(2, "q").dependencies(Dependencies.on(List.of(first.id()))).build();
    NewJob elsewhere = job(3, "other").dependencies(Dependencies.on(List.of(first.id()))).build();
    assertThat(storage.enqueue(call(), List.of(first, waiting, elsewhere), NOW)).hasSize(3);
    assertThat(administration.clear("q", 100, NOW)).isEqualTo(2);
    assertThat(storage.find(List.of(first.id(), waiting.id()), Set.of())).isEmpty();
    assertThat(counts("other").of(JobState.CANCELLED)).isOne();
  }

  @Test
  void eventsOfAServerThatForgot_haveAGap() {
    Events events = storage.capability(Events.class).orElseThrow();
    events.mode(Events.Mode.ALL);
    assertThat(storage.enqueue(call(), List.of(job(1, "q").build()), NOW)).hasSize(1);
    Events.EventPage page = events.read("1000", 10);
    assertThat(page.gap()).isTrue();
    assertThat(page.events()).hasSize(1);
    assertThat(events.read(page.next(), 10).gap()).isFalse();
  }
}
