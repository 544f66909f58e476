package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.Events;
import dev.noria.storage.Events.Event;
import dev.noria.storage.Events.EventPage;
import dev.noria.storage.Events.Mode;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The recorded stream of state changes (C6). */
abstract class C6EventsRules extends CapabilityRules<Events> {
  private static final int KEPT = 10_000;

  C6EventsRules() {
    super(Events.class);
  }

  /** Every event after the cursor, page by page. */
  private static List<Event> readAll(Events events, @Nullable String cursor, int limit) {
    List<Event> all = new ArrayList<>();
    String at = cursor;
    while (true) {
      EventPage page = events.read(at, limit);
      assertThat(page.events()).hasSizeLessThanOrEqualTo(limit);
      if (page.events().isEmpty()) {
        return all;
      }
      all.addAll(page.events());
      at = page.next();
    }
  }

  private List<Event> readAll(@Nullable String cursor) {
    return readAll(capability(), cursor, 1_000);
  }

  private static List<@Nullable JobState> states(List<Event> events, JobId id) {
    List<@Nullable JobState> states = new ArrayList<>();
    for (Event event : events) {
      if (event.id().equals(id)) {
        states.add(event.to());
      }
    }
    return states;
  }

  /** A job that goes through retry and release to its end; one event per second. */
  private NewJob life() {
    NewJob job =
        rig().enqueued(rig().job(b -> b.retention(Stage.KEPT).runAt(rig().now().plusSeconds(1))));
    tick();
    LeasedJob first = rig().dequeueOne();
    tick();
    rig().ack(new Ack.Retry(first.lease(), rig().now(), Rig.error("x")));
    tick();
    LeasedJob second = rig().dequeueOne();
    tick();
    rig().complete(second);
    return job;
  }

  private void tick() {
    rig().time.advance(SECOND);
  }

  @Test
  void c6_1_nothingIsRecordedUntilSomebodyAsks() {
    assertThat(capability().mode()).isEqualTo(Mode.OFF);
    String end = capability().end();
    life();
    assertThat(readAll(end)).isEmpty();
    assertThat(readAll(null)).isEmpty();
  }

  @Test
  void c6_1_terminalRecordsOnlyEnds() {
    capability().mode(Mode.TERMINAL);
    assertThat(capability().mode()).isEqualTo(Mode.TERMINAL);
    NewJob completed = life();
    NewJob dead = new Stage(rig()).in(JobState.DEAD);
    NewJob cancelled = new Stage(rig()).in(JobState.CANCELLED);
    List<Event> events = readAll(null);
    assertThat(events)
        .extracting(Event::to)
        .containsExactly(JobState.COMPLETED, JobState.DEAD, JobState.CANCELLED);
    assertThat(events)
        .extracting(Event::id)
        .containsExactly(completed.id(), dead.id(), cancelled.id());
    assertThat(events).extracting(Event::from).containsOnly(JobState.RUNNING);
  }

  @Test
  void c6_1_allRecordsEveryChange() {
    capability().mode(Mode.ALL);
    Instant start = rig().now();
    NewJob job = life();
    List<Event> events = readAll(null);
    // a due job may be promoted first, or leased as it is
    List<@Nullable JobState> states = states(events, job.id());
    assertThat(states)
        .startsWith(JobState.SCHEDULED)
        .endsWith(JobState.RUNNING, JobState.READY, JobState.RUNNING, JobState.COMPLETED);
    assertLegal(events);
    Event first = events.get(0);
    assertThat(first.queue()).isEqualTo(Rig.QUEUE);
    assertThat(first.type()).isEqualTo(job.type());
    assertThat(first.at()).isEqualTo(start);
    assertThat(events.get(events.size() - 1).at()).isEqualTo(rig().now());
  }

  /** Each event leaves the state that the one before it reached, by an edge that exists. */
  private static void assertLegal(List<Event> events) {
    Map<JobId, JobState> reached = new HashMap<>();
    for (Event event : events) {
      assertThat(event.from()).as("left by " + event).isEqualTo(reached.get(event.id()));
      JobState to = event.to();
      JobState from = event.from();
      if (to == null) {
        reached.remove(event.id());
        continue;
      }
      if (from != null) {
        assertThat(from.successors()).as(event.toString()).contains(to);
      }
      reached.put(event.id(), to);
    }
  }

  @Test
  void c6_1_everyWayOfEndingIsRecorded() {
    capability().mode(Mode.ALL);
    NewJob vanishing = rig().enqueued(rig().job());
    rig().complete(rig().dequeueOne());
    NewJob expired = rig().enqueued(rig().job(b -> b.deadline(rig().now().plusSeconds(1))));
    NewJob lost = rig().enqueued(rig().job(b -> b.queue("lost").maxAttempts(1)));
    LeasedJob leased = rig().dequeue("lost", 1).get(0);
    new Stage(rig()).start(leased);
    new Stage(rig()).crash();
    List<Event> events = readAll(null);
    assertThat(states(events, vanishing.id())).contains(JobState.COMPLETED);
    assertThat(states(events, expired.id())).containsExactly(JobState.READY, JobState.DEAD);
    assertThat(states(events, lost.id()))
        .containsExactly(JobState.READY, JobState.RUNNING, JobState.DEAD);
  }

  @Test
  void c6_1_changesByAnOperatorAreRecorded() {
    Administration admin = admin();
    capability().mode(Mode.ALL);
    NewJob job = rig().enqueued(rig().job());
    admin.reschedule(List.of(job.id()), rig().now().plusSeconds(9), rig().now());
    admin.cancel(List.of(job.id()), rig().now());
    admin.replay(List.of(job.id()), rig().now());
    admin.delete(List.of(job.id()), rig().now());
    List<Event> events = readAll(null);
    assertLegal(events);
    assertThat(states(events, job.id()))
        .startsWith(JobState.READY, JobState.SCHEDULED, JobState.CANCELLED, JobState.READY);
  }

  @Test
  void c6_1_turnedOffAgainItRecordsNothing() {
    capability().mode(Mode.ALL);
    NewJob recorded = rig().enqueued(rig().job());
    String end = capability().end();
    capability().mode(Mode.OFF);
    rig().enqueue(rig().jobs(3));
    assertThat(readAll(end)).isEmpty();
    capability().mode(Mode.ALL);
    NewJob later = rig().enqueued(rig().job());
    assertThat(readAll(end)).extracting(Event::id).containsExactly(later.id());
    assertThat(readAll(null)).extracting(Event::id).containsExactly(recorded.id(), later.id());
  }

  @Test
  void c6_2_pagesGiveEachEventOnceAndInOrder() {
    capability().mode(Mode.ALL);
    List<NewJob> jobs = rig().jobs(50);
    jobs.forEach(rig()::enqueued);
    for (int limit : new int[] {1, 7, 50, 1_000}) {
      List<Event> events = readAll(capability(), null, limit);
      assertThat(events).extracting(Event::id).containsExactlyElementsOf(idsOf(jobs));
      assertThat(events).extracting(Event::sequence).isSorted().doesNotHaveDuplicates();
    }
    EventPage page = capability().read(null, 10);
    assertThat(page.gap()).isFalse();
    assertThat(readAll(page.next())).hasSize(40);
  }

  @Test
  void c6_2_anEmptyPageKeepsTheCursor() {
    capability().mode(Mode.ALL);
    rig().enqueue(rig().jobs(3));
    String end = capability().end();
    EventPage page = capability().read(end, 10);
    assertThat(page.events()).isEmpty();
    assertThat(page.next()).isEqualTo(end);
    assertThat(page.gap()).isFalse();
    NewJob next = rig().enqueued(rig().job());
    assertThat(readAll(page.next())).extracting(Event::id).containsExactly(next.id());
  }

  @Test
  void c6_3_theEndIsBehindTheNewestEvent() {
    capability().mode(Mode.ALL);
    String empty = capability().end();
    NewJob first = rig().enqueued(rig().job());
    String end = capability().end();
    NewJob second = rig().enqueued(rig().job());
    assertThat(readAll(empty)).extracting(Event::id).containsExactly(first.id(), second.id());
    assertThat(readAll(end)).extracting(Event::id).containsExactly(second.id());
  }

  @Test
  void c6_4_aGapIsReportedExactlyWhenEventsAreGone() {
    capability().mode(Mode.ALL);
    NewJob first = rig().enqueued(rig().job());
    String cursor = capability().end();
    List<JobId> recorded = new ArrayList<>();
    for (int batch = 0; batch < 25; batch++) {
      List<NewJob> jobs = rig().jobs(1_000);
      rig().enqueue(jobs);
      recorded.addAll(idsOf(jobs));
    }
    rig().maintainAll();
    EventPage page = capability().read(cursor, 1_000);
    List<Event> all = readAll(cursor);
    assertThat(all).hasSizeGreaterThanOrEqualTo(KEPT);
    assertThat(page.gap()).as("gap").isEqualTo(all.size() < recorded.size());
    assertThat(all)
        .extracting(Event::id)
        .containsExactlyElementsOf(recorded.subList(recorded.size() - all.size(), recorded.size()));
    assertThat(capability().read(page.next(), 10).gap()).isFalse();
    assertThat(readAll(null).get(0).id()).isIn(first.id(), all.get(0).id());
  }

  @Test
  void c6_2_aReaderMissesNothingWhileOthersWrite() {
    capability().mode(Mode.ALL);
    int writers = 4;
    int each = 60;
    AtomicInteger writing = new AtomicInteger(writers);
    Set<JobId> read = new HashSet<>();
    List<Callable<Integer>> crew = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      Rig.Client client = rig().client();
      crew.add(
          () -> {
            for (int written = 0; written < each; written++) {
              client.enqueue(List.of(rig().job()));
            }
            return writing.decrementAndGet();
          });
    }
    crew.add(() -> readUntil(writing, read));
    Crew.run(crew);
    assertThat(read).hasSize(writers * each);
  }

  /** Reads on until nobody writes and nothing is left; fails on an event seen twice. */
  private int readUntil(AtomicInteger writing, Set<JobId> read) {
    String cursor = null;
    while (Crew.goesOn()) {
      boolean last = writing.get() == 0;
      EventPage page = capability().read(cursor, 50);
      cursor = page.next();
      for (Event event : page.events()) {
        assertThat(read.add(event.id())).as("first sight of " + event).isTrue();
      }
      if (last && page.events().isEmpty()) {
        return read.size();
      }
    }
    return -1;
  }

  @Test
  void c6_anotherStorageOverThePlaceRecordsAndReadsTheSame() {
    rig().needsSharing();
    JobStorage second = rig().openAgain();
    Events other = second.capability(Events.class).orElseThrow();
    capability().mode(Mode.ALL);
    assertThat(other.mode()).isEqualTo(Mode.ALL);
    rig().enqueue(rig().jobs(2));
    rig().client(second).enqueue(rig().jobs(2));
    rig().time.advance(Duration.ofSeconds(1));
    rig().enqueue(rig().jobs(2));
    assertThat(readAll(null)).hasSize(6).isEqualTo(readAll(other, null, 3));
    other.mode(Mode.OFF);
    assertThat(capability().mode()).isEqualTo(Mode.OFF);
    rig().enqueue(rig().jobs(2));
    assertThat(readAll(null)).hasSize(6);
  }

  @Test
  void c6_modeAndEventsSurviveClose() {
    rig().needsSurvival();
    capability().mode(Mode.ALL);
    rig().enqueue(rig().jobs(3));
    String end = capability().end();
    List<Event> before = readAll(null);
    rig().reopen();
    assertThat(capability().mode()).isEqualTo(Mode.ALL);
    assertThat(readAll(null)).isEqualTo(before);
    NewJob later = rig().enqueued(rig().job());
    assertThat(readAll(end)).extracting(Event::id).containsExactly(later.id());
  }
}
