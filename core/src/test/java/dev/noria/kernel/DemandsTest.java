package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.storage.DequeueRequest.Demand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemandsTest {
  private static final int CONCURRENCY = 4;
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;

  private final QueueSlots one = new QueueSlots("one", CONCURRENCY, 1);
  private long nanos = SECOND;

  private static Demands over(QueueSlots... queues) {
    List<QueueSlots> all = List.of(queues);
    return new Demands(all, new Slots(all, CONCURRENCY, task -> {}, null), CONCURRENCY);
  }

  /** A hundred seconds in which so many attempts ended each second, in calls of so many millis. */
  private Demands after(int perSecond, int roundTripMillis) {
    Demands demands = over(one);
    for (int i = 0; i < 100; i++) {
      nanos += SECOND;
      demands.observe(perSecond, nanos - roundTripMillis * MILLI, nanos);
    }
    return demands;
  }

  @Test
  void nothingIsFetchedAhead_beforeAnythingIsKnown() {
    assertThat(over(one).next()).containsExactly(new Demand("one", CONCURRENCY));
  }

  @Test
  void slowHandlers_getNothingAhead() {
    Demands demands = after(5 * CONCURRENCY - 1, 1_000);
    assertThat(demands.total()).isEqualTo(CONCURRENCY);
  }

  @Test
  void quickHandlers_getTwoRoundTripsAhead() {
    Demands demands = after(1_000, 10);
    assertThat(demands.total()).isBetween(CONCURRENCY + 19, CONCURRENCY + 20);
  }

  @Test
  void manyJobs_haveALeastAndAMost() {
    assertThat(after(6_000, 1).total()).isEqualTo(CONCURRENCY + 256);
    assertThat(after(100_000, 100).total()).isEqualTo(CONCURRENCY + 2_000);
  }

  @Test
  void suspects_endTheFetchingAheadForAWhile() {
    Demands demands = after(100_000, 100);
    demands.beware();
    assertThat(demands.total()).isEqualTo(CONCURRENCY);
    for (int i = 0; i < 5; i++) {
      nanos += SECOND;
      demands.observe(100_000, nanos - 100 * MILLI, nanos);
    }
    assertThat(demands.total()).isEqualTo(CONCURRENCY + 2_000);
  }

  @Test
  void noMoreIsAskedOfAQueue_thanItMayRun() {
    QueueSlots narrow = new QueueSlots("narrow", 1, 1);
    Demands demands = over(narrow, one);
    assertThat(demands.next())
        .containsExactlyInAnyOrder(new Demand("narrow", 1), new Demand("one", CONCURRENCY));

    narrow.enter();

    assertThat(demands.next()).containsExactly(new Demand("one", CONCURRENCY - 1));
  }

  @Test
  void queues_comeFirstByWeight() {
    Demands demands = over(new QueueSlots("heavy", 4, 3), new QueueSlots("light", 4, 1));
    List<String> first = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      first.add(demands.next().get(0).queue());
    }
    assertThat(Collections.frequency(first, "heavy")).isEqualTo(300);
    assertThat(first.subList(0, 4)).contains("light");
  }
}
