package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which order the jobs of a line come out (S2.3). */
abstract class S2OrderRules extends Rules {

  private NewJob enqueued(int priority, boolean lifo) {
    return rig().enqueued(rig().job(job -> job.priority(priority).lifo(lifo)));
  }

  private NewJob fifo() {
    return enqueued(0, false);
  }

  private NewJob lifo() {
    return enqueued(0, true);
  }

  private NewJob scheduled(long millis) {
    Instant due = rig().now().plusMillis(millis);
    return rig().enqueued(rig().job(job -> job.runAt(due)));
  }

  private void comeOut(NewJob... expected) {
    assertThat(leasedIds(rig().dequeue(1_000))).containsExactlyElementsOf(idsOf(List.of(expected)));
  }

  @Test
  void s2_3_firstInFirstOut() {
    List<NewJob> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      List<NewJob> batch = rig().jobs(1 + i % 5);
      rig().enqueue(batch);
      all.addAll(batch);
      if (i % 3 == 0) {
        rig().time.advance(Duration.ofMillis(1));
      }
    }
    assertThat(leasedIds(rig().dequeue(1_000))).containsExactlyElementsOf(idsOf(all));
  }

  @Test
  void s2_3_theOrderOfACallIsNotThatOfTheIds() {
    List<NewJob> jobs = rig().jobs(50);
    Collections.reverse(jobs);
    rig().enqueue(jobs);
    assertThat(leasedIds(rig().dequeue(1_000))).containsExactlyElementsOf(idsOf(jobs));
  }

  @Test
  void s2_3_theOrderHoldsOverManySmallDequeues() {
    List<NewJob> jobs = rig().jobs(60);
    rig().enqueue(jobs);
    List<JobId> seen = new ArrayList<>();
    for (int i = 0; seen.size() < 60; i++) {
      seen.addAll(leasedIds(rig().dequeue(1 + i % 4)));
    }
    assertThat(seen).containsExactlyElementsOf(idsOf(jobs));
  }

  @Test
  void s2_3_higherPriorityFirst() {
    NewJob low = enqueued(-100, false);
    NewJob normal = enqueued(0, false);
    NewJob plus = enqueued(1, false);
    NewJob minus = enqueued(-1, false);
    NewJob high = enqueued(100, false);
    NewJob nearlyHigh = enqueued(99, false);
    comeOut(high, nearlyHigh, plus, normal, minus, low);
  }

  @Test
  void s2_3_allPrioritiesAreDifferent() {
    List<NewJob> jobs = new ArrayList<>();
    for (int priority = -100; priority <= 100; priority++) {
      int value = priority;
      jobs.add(rig().job(job -> job.priority(value)));
    }
    rig().enqueue(jobs);
    Collections.reverse(jobs);
    assertThat(leasedIds(rig().dequeue(1_000))).containsExactlyElementsOf(idsOf(jobs));
  }

  @Test
  void s2_3_lifoBeforeFifoAndNewestFirst() {
    NewJob first = fifo();
    NewJob older = lifo();
    rig().time.advance(SECOND);
    NewJob second = fifo();
    NewJob newer = lifo();
    comeOut(newer, older, first, second);
  }

  @Test
  void s2_3_lifoInsideOneCallIsNewestFirstToo() {
    NewJob a = rig().job(job -> job.lifo(true));
    NewJob b = rig().job(job -> job.lifo(true));
    NewJob c = rig().job(job -> job.lifo(true));
    rig().enqueue(a, b, c);
    comeOut(c, b, a);
  }

  @Test
  void s2_3_priorityComesBeforeLifo() {
    NewJob low = enqueued(-1, true);
    NewJob normal = fifo();
    NewJob high = enqueued(1, false);
    comeOut(high, normal, low);
  }

  @Test
  void s2_3_aLifoJobKeepsItsPlaceThroughRetries() {
    NewJob older = lifo();
    rig().time.advance(SECOND);
    NewJob newer = lifo();
    NewJob fifo = fifo();
    LeasedJob first = rig().dequeueOne();
    LeasedJob second = rig().dequeueOne();
    assertThat(List.of(first.id(), second.id())).containsExactly(newer.id(), older.id());
    rig().retry(first, rig().now());
    rig().time.advance(SECOND);
    rig().retry(second, rig().now());
    comeOut(newer, older, fifo);
  }

  @Test
  void s2_3_aRetriedFifoJobQueuesUpAgain() {
    NewJob first = fifo();
    NewJob second = fifo();
    LeasedJob leased = rig().dequeueOne();
    assertThat(leased.id()).isEqualTo(first.id());
    rig().time.advance(SECOND);
    rig().retry(leased, rig().now());
    rig().time.advance(SECOND);
    NewJob third = fifo();
    comeOut(second, first, third);
  }

  @Test
  void s2_3_aReleasedJobKeepsItsPlace() {
    NewJob first = fifo();
    NewJob second = fifo();
    NewJob third = fifo();
    List<LeasedJob> leased = rig().dequeue(2);
    rig().time.advance(SECOND);
    rig().release(leased.get(1));
    rig().release(leased.get(0));
    comeOut(first, second, third);
  }

  @Test
  void s2_3_dueJobsArePromotedInDueOrder() {
    NewJob third = scheduled(300);
    NewJob first = scheduled(100);
    NewJob second = scheduled(200);
    NewJob later = scheduled(2_000);
    rig().time.advance(SECOND);
    comeOut(first, second, third);
    rig().time.advance(SECOND);
    comeOut(later);
  }

  @Test
  void s2_3_aJobThatWasReadyBeforeThePromotionGoesFirst() {
    NewJob ready = fifo();
    NewJob due = scheduled(100);
    rig().time.advance(SECOND);
    comeOut(ready, due);
  }

  @Test
  void s2_3_aPromotedJobGoesBeforeLaterOnes() {
    NewJob first = fifo();
    NewJob due = scheduled(100);
    rig().time.advance(SECOND);
    assertThat(leasedIds(rig().dequeue(1))).containsExactly(first.id());
    rig().time.advance(SECOND);
    NewJob later = fifo();
    comeOut(due, later);
  }

  @Test
  void s2_3_aPromotedJobHasItsPriority() {
    NewJob ready = fifo();
    Instant due = rig().now().plusSeconds(1);
    NewJob urgent = rig().enqueued(rig().job(job -> job.priority(5).runAt(due)));
    NewJob idle = rig().enqueued(rig().job(job -> job.priority(-5).runAt(due)));
    rig().time.advance(SECOND);
    comeOut(urgent, ready, idle);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1_000, 2_500})
  void s2_3_manyDueJobsArePromotedInOneCall(int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      Instant due = rig().now().plusMillis(1 + i);
      jobs.add(rig().job(job -> job.runAt(due)));
    }
    List<NewJob> shuffled = new ArrayList<>(jobs);
    Collections.shuffle(shuffled, new Random(4));
    rig().enqueue(shuffled);
    rig().time.advance(HOUR);
    assertThat(leasedIds(rig().dequeue(count)))
        .containsExactlyElementsOf(idsOf(jobs.subList(0, count)));
  }

  @Test
  void s2_3_otherQueuesScheduledJobsDoNotHideThese() {
    List<NewJob> others = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Instant due = rig().now().plusMillis(1 + i);
      others.add(rig().job(job -> job.queue("other").runAt(due)));
    }
    rig().enqueue(others);
    NewJob mine = scheduled(3_000);
    rig().time.advance(HOUR);
    comeOut(mine);
  }

  @Test
  void s2_3_nobodyOvertakesInACrowd() {
    List<NewJob> jobs = rig().jobs(400);
    rig().enqueue(jobs);
    List<List<JobId>> taken =
        Crew.run(
            8,
            number ->
                () -> {
                  Rig.Client client = rig().client();
                  List<JobId> mine = new ArrayList<>();
                  for (int i = 0; i < 10; i++) {
                    mine.addAll(leasedIds(client.dequeue(Rig.QUEUE, 5)));
                  }
                  return mine;
                });
    List<JobId> order = idsOf(jobs);
    for (List<JobId> mine : taken) {
      assertThat(mine).isSortedAccordingTo(Comparator.comparingInt(order::indexOf));
    }
    assertThat(taken.stream().mapToInt(List::size).sum()).isEqualTo(400);
  }

  /** Random jobs, chunks, releases; the expected order is one sort. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void s2_3_randomJobsComeOutSorted(long seed) {
    Random random = new Random(seed);
    List<NewJob> jobs = new ArrayList<>();
    while (jobs.size() < 200) {
      List<NewJob> batch = new ArrayList<>();
      for (int i = random.nextInt(10); i >= 0; i--) {
        int priority = random.nextInt(7) * 30 - 90;
        boolean lifo = random.nextInt(3) == 0;
        batch.add(rig().job(job -> job.priority(priority).lifo(lifo)));
      }
      rig().enqueue(batch);
      jobs.addAll(batch);
      rig().time.advance(Duration.ofMillis(random.nextInt(3)));
    }
    List<JobId> seen = new ArrayList<>();
    while (seen.size() < jobs.size()) {
      List<LeasedJob> leased = rig().dequeue(1 + random.nextInt(9));
      assertThat(leased).as("seed " + seed).isNotEmpty();
      int keep = 1 + random.nextInt(leased.size());
      seen.addAll(leasedIds(leased.subList(0, keep)));
      List<Ack> back = new ArrayList<>();
      leased
          .subList(keep, leased.size())
          .forEach(job -> back.add(new Ack.Released(job.lease(), null, null)));
      Collections.shuffle(back, random);
      rig().main().ack(back);
    }
    assertThat(seen).as("seed " + seed).containsExactlyElementsOf(idsOf(sorted(jobs)));
  }

  /** Jobs with keys: housekeeping compares those with the entries of their keys. */
  @Test
  void s2_3_nobodyOvertakesWhileSomebodyMaintains() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      JobKey key = new JobKey("key-" + i, KeyPolicy.whileUnfinished());
      jobs.add(rig().job(job -> job.key(key)));
    }
    rig().enqueue(jobs);
    List<JobId> seen = new ArrayList<>();
    AtomicBoolean over = new AtomicBoolean();
    Rig.Client client = rig().client();
    Callable<Boolean> consumer =
        () -> {
          while (seen.size() < jobs.size() && Crew.goesOn()) {
            seen.addAll(leasedIds(client.dequeue(Rig.QUEUE, 3)));
          }
          return over.getAndSet(true);
        };
    Callable<Boolean> keeper =
        () -> {
          while (!over.get() && Crew.goesOn()) {
            assertThat(rig().maintain().healed()).isZero();
          }
          return true;
        };
    assertThat(Crew.run(List.of(consumer, keeper))).containsExactly(false, true);
    assertThat(seen).containsExactlyElementsOf(idsOf(jobs));
  }

  private static List<NewJob> sorted(List<NewJob> enqueueOrder) {
    List<NewJob> sorted = new ArrayList<>(enqueueOrder);
    sorted.sort(
        Comparator.comparingInt((NewJob job) -> -job.priority())
            .thenComparing(job -> !job.lifo())
            .thenComparingInt(
                job -> {
                  int place = enqueueOrder.indexOf(job);
                  return job.lifo() ? -place : place;
                }));
    return sorted;
  }
}
