package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {
  private static final Lane.Bounds BOUNDS =
      new Lane.Bounds(100, 10_000, 1_000, 1_000_000, Duration.ofSeconds(5));

  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void stopCallers() {
    callers.shutdownNow();
  }

  private static List<Integer> doubled(List<Integer> items, long giveUp) {
    return items.stream().map(i -> i * 2).toList();
  }

  @Test
  void anIdleLane_runsOnTheCallersOwnThread() {
    List<Thread> threads = new ArrayList<>();
    Lane<Integer, Integer> lane =
        new Lane<>(
            (items, giveUp) -> {
              threads.add(Thread.currentThread());
              return doubled(items, giveUp);
            },
            BOUNDS,
            System::nanoTime);

    assertThat(lane.submit(List.of(1, 2), 2)).containsExactly(2, 4);
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void callsThatArriveMeanwhile_travelInOneBatch() throws Exception {
    CountDownLatch inFirst = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
    Lane<Integer, Integer> lane =
        new Lane<>(
            (items, giveUp) -> {
              sizes.add(items.size());
              inFirst.countDown();
              await(goOn);
              return doubled(items, giveUp);
            },
            BOUNDS,
            System::nanoTime);
    List<Future<List<Integer>>> answers = new ArrayList<>();
    answers.add(callers.submit(() -> lane.submit(List.of(0), 1)));
    assertThat(inFirst.await(5, TimeUnit.SECONDS)).isTrue();
    List<Thread> waiting = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      int item = i;
      CountDownLatch started = new CountDownLatch(1);
      answers.add(
          callers.submit(
              () -> {
                synchronized (waiting) {
                  waiting.add(Thread.currentThread());
                }
                started.countDown();
                return lane.submit(List.of(item), 1);
              }));
      assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
    }
    while (!allParked(waiting)) {
      Thread.onSpinWait();
    }

    goOn.countDown();

    for (int i = 0; i <= 10; i++) {
      assertThat(answers.get(i).get(5, TimeUnit.SECONDS)).containsExactly(i * 2);
    }
    assertThat(sizes).containsExactly(1, 10);
  }

  private static boolean allParked(List<Thread> threads) {
    synchronized (threads) {
      return threads.stream().allMatch(t -> t.getState() == Thread.State.TIMED_WAITING);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneBadItem_failsOnlyItsOwnCall() throws Exception {
    int count = 64;
    Lane<Integer, Integer> lane =
        new Lane<>(
            (items, giveUp) -> {
              if (items.contains(13)) {
                throw new StorageException(StorageException.Kind.LIMIT, "thirteen");
              }
              return doubled(items, giveUp);
            },
            BOUNDS,
            System::nanoTime);
    List<Future<List<Integer>>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int item = i;
      answers.add(callers.submit(() -> lane.submit(List.of(item), 1)));
    }

    for (int i = 0; i < count; i++) {
      Future<List<Integer>> answer = answers.get(i);
      if (i == 13) {
        assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS)).hasMessageContaining("thirteen");
      } else {
        assertThat(answer.get(5, TimeUnit.SECONDS)).containsExactly(i * 2);
      }
    }
  }

  @Test
  void manyCallers_allGetTheirOwnAnswers() throws Exception {
    Lane<Integer, Integer> lane = new Lane<>(LaneTest::doubled, BOUNDS, System::nanoTime);
    List<Future<?>> all = new ArrayList<>();
    for (int t = 0; t < 16; t++) {
      int thread = t;
      all.add(
          callers.submit(
              () -> {
                for (int i = 0; i < 5_000; i++) {
                  int item = thread * 10_000 + i;
                  assertThat(lane.submit(List.of(item, item + 1), 2))
                      .containsExactly(item * 2, item * 2 + 2);
                }
              }));
    }
    for (Future<?> each : all) {
      each.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aFullLane_isAnErrorAfterTheTimeout() throws Exception {
    CountDownLatch inFirst = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Lane<Integer, Integer> lane =
        new Lane<>(
            (items, giveUp) -> {
              inFirst.countDown();
              await(goOn);
              return doubled(items, giveUp);
            },
            new Lane.Bounds(100, 10_000, 1, 1_000_000, Duration.ofMillis(20)),
            System::nanoTime);
    Future<List<Integer>> first = callers.submit(() -> lane.submit(List.of(1), 1));
    assertThat(inFirst.await(5, TimeUnit.SECONDS)).isTrue();

    assertThatThrownBy(() -> lane.submit(List.of(2), 1))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("lane was full for PT0.02S");
    goOn.countDown();
    assertThat(first.get(5, TimeUnit.SECONDS)).containsExactly(2);
  }

  @Test
  void aCallThatNobodyBegins_leavesAfterTheTimeout() throws Exception {
    CountDownLatch inFirst = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicLong nanos = new AtomicLong();
    Queue<Integer> done = new ConcurrentLinkedQueue<>();
    Lane<Integer, Integer> lane =
        new Lane<>(
            (items, giveUp) -> {
              inFirst.countDown();
              await(goOn);
              done.addAll(items);
              return doubled(items, giveUp);
            },
            BOUNDS,
            nanos::get);
    Future<List<Integer>> first = callers.submit(() -> lane.submit(List.of(1), 1));
    assertThat(inFirst.await(5, TimeUnit.SECONDS)).isTrue();
    AtomicReference<Thread> second = new AtomicReference<>();
    Future<List<Integer>> late =
        callers.submit(
            () -> {
              second.set(Thread.currentThread());
              return lane.submit(List.of(2), 1);
            });
    while (second.get() == null || second.get().getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }

    nanos.set(BOUNDS.timeout().toNanos());
    LockSupport.unpark(second.get());

    assertThatThrownBy(() -> late.get(5, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(StorageException.class)
        .hasMessageContaining("Nothing of the call is stored");
    goOn.countDown();
    assertThat(first.get(5, TimeUnit.SECONDS)).containsExactly(2);
    assertThat(lane.submit(List.of(3), 1)).containsExactly(6);
    assertThat(done).containsExactly(1, 3);
  }

  @Test
  void anInterrupt_staysPendingAndCutsNothingShort() throws Exception {
    Lane<Integer, Integer> lane = new Lane<>(LaneTest::doubled, BOUNDS, System::nanoTime);
    Future<Boolean> interrupted =
        callers.submit(
            () -> {
              Thread.currentThread().interrupt();
              assertThat(lane.submit(List.of(1), 1)).containsExactly(2);
              return Thread.interrupted();
            });

    assertThat(interrupted.get(5, TimeUnit.SECONDS)).isTrue();
  }
}
