package dev.noria.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.QueueCounts;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import dev.noria.tck.Place;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lines that are a list of usual jobs and a sorted set of all others. */
class LinesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String QUEUE = "q";

  private final TestServer server = TestServer.seven();
  private final Place place = new Place("lines-test", "noria");
  private JobStorage storage = RedisStorage.open(server.options(place));
  private long calls;

  @BeforeEach
  void open() {
    storage.close();
    storage = RedisStorage.open(server.options(place));
  }

  @AfterEach
  void cleanUp() {
    storage.close();
    server.drop(place);
  }

  private static JobId id(long number) {
    return new JobId(NOW.toEpochMilli() << 16, number);
  }

  private void enqueue(Instant now, long... numbers) {
    List<NewJob> jobs =
        LongStream.of(numbers)
            .mapToObj(
                number -> NewJob.builder(id(number), "type", QUEUE, Bytes.utf8("payload")).build())
            .toList();
    assertThat(storage.enqueue(new CallId(1, ++calls), jobs, now))
        .allMatch(receipt -> receipt.isEnqueued());
  }

  private Exchange exchange(List<Ack> acks, int most) {
    DequeueRequest request =
        new DequeueRequest(
            "owner",
            7,
            NOW.plusSeconds(30),
            List.of(new Demand(QUEUE, most)),
            most,
            1_000_000,
            false,
            0);
    return storage.exchange(new CallId(2, ++calls), acks, request, NOW);
  }

  private List<Long> take(int most) {
    return numbers(exchange(List.of(), most));
  }

  private static List<Long> numbers(Exchange exchange) {
    return exchange.jobs().stream().map(job -> job.lease().id().low()).toList();
  }

  private Administration operator() {
    return storage.capability(Administration.class).orElseThrow();
  }

  private long listed() {
    return server.commands().llen(server.key(place, "fifo:q\0"));
  }

  private QueueCounts counts() {
    return storage.capability(Inspection.class).orElseThrow().counts(QUEUE);
  }

  @Test
  void usualJobs_waitInTheList() {
    enqueue(NOW, 1, 2, 3);
    assertThat(listed()).isEqualTo(3);
    assertThat(take(2)).containsExactly(1L, 2L);
    assertThat(listed()).isEqualTo(1);
  }

  @Test
  void clockThatIsBehind_goesBeforeThoseOfLaterInstants() {
    enqueue(NOW, 1, 2);
    enqueue(NOW.minusMillis(5), 3);
    enqueue(NOW, 4);
    assertThat(take(10)).containsExactly(3L, 1L, 2L, 4L);
  }

  @Test
  void entriesOfJobsThatLeft_countForNobody() {
    enqueue(NOW, 1, 2, 3, 4);
    var unused = operator().cancel(List.of(id(1), id(3)), NOW);
    assertThat(counts().of(JobState.READY)).isEqualTo(2);
    assertThat(take(10)).containsExactly(2L, 4L);
    assertThat(listed()).isZero();
    assertThat(counts().of(JobState.READY)).isZero();
  }

  @Test
  void priorityThatIsTakenBack_givesTheOldPlaceBack() {
    enqueue(NOW, 1, 2, 3);
    var unusedUp = operator().reprioritise(List.of(id(2)), 5, NOW);
    var unusedDown = operator().reprioritise(List.of(id(2)), 0, NOW);
    assertThat(take(10)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void rescheduledJob_isNotFoundAtItsOldEntry() {
    enqueue(NOW, 1, 2, 3);
    var unused = operator().reschedule(List.of(id(1)), NOW, NOW);
    assertThat(take(10)).containsExactly(2L, 3L, 1L);
  }

  @Test
  void releasedJobs_comeBackBeforeTheList() {
    enqueue(NOW, 1, 2, 3, 4);
    List<Ack> releases =
        exchange(List.of(), 2).jobs().stream()
            .map(LeasedJob::lease)
            .<Ack>map(lease -> new Ack.Released(lease, null, null))
            .toList();
    Exchange next = exchange(releases, 10);
    assertThat(numbers(next)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(next.jobs().get(0).lease().epoch()).isEqualTo(2);
    assertThat(next.jobs().get(0).attempt()).isEqualTo(1);
  }

  @Test
  void lostEntry_isFoundOnceItsTurnHasPassed() {
    enqueue(NOW, 1, 2, 3);
    server.commands().lpop(server.key(place, "fifo:q\0"));
    assertThat(storage.maintain(100, NOW).healed()).isEqualTo(1);
    assertThat(counts().of(JobState.READY)).isEqualTo(3);
    assertThat(take(10)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void crowdOfEntriesThatCountNoMore_hidesNobody() {
    int many = 12_000;
    for (long from = 1; from <= many; from += 2_000) {
      enqueue(NOW, LongStream.range(from, from + 2_000).toArray());
    }
    enqueue(NOW, many + 1);
    List<JobId> all = LongStream.rangeClosed(1, many).mapToObj(LinesTest::id).toList();
    for (int from = 0; from < many; from += 2_000) {
      var unused = operator().cancel(all.subList(from, from + 2_000), NOW);
    }
    Exchange first = exchange(List.of(), 1_000);
    assertThat(first.jobs()).isEmpty();
    assertThat(first.nextDue()).isEqualTo(NOW);
    assertThat(take(1_000)).containsExactly(many + 1L);
  }
}
