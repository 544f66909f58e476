package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobHandler;
import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.Retention;
import dev.noria.job.StoredJob;
import dev.noria.tck.fault.FaultyStorage;
import dev.noria.tck.fault.Hold;
import dev.noria.tck.fault.Operation;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A storage call that never returns costs a thread, but no job, no attempt and not the worker. */
class StuckLoopTest {
  record Text(String text) {}

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final JobType<Text> WORK =
      JobType.of("work", Text.class)
          .with(JobOption.retention(new Retention(Duration.ofHours(1), Duration.ofHours(1))));

  private final FaultyStorage storage = FaultyStorage.over(ReferenceStorage.create());
  private final Map<JobId, Integer> runs = new ConcurrentHashMap<>();
  private final List<Hold> holds = new ArrayList<>();
  private final JobQueue queue =
      JobQueue.builder()
          .discovery(Discovery.none())
          .storage(() -> storage)
          .concurrency(4)
          .setting("noria.worker.stall-after", "150ms")
          .build();

  @AfterEach
  void close() {
    holds.forEach(Hold::release);
    queue.close();
    storage.close();
  }

  private void handle(JobHandler<Text> handler) {
    queue.handle(
        WORK,
        (text, job) -> {
          runs.merge(job.id(), 1, Integer::sum);
          handler.handle(text, job);
        });
  }

  private void start(JobHandler<Text> handler) {
    handle(handler);
    queue.start();
  }

  private JobId enqueue(String text) {
    return queue.enqueue(WORK, new Text(text)).id();
  }

  private Hold hold(Operation operation, boolean afterwards) {
    Hold hold = afterwards ? storage.holdAfter(operation) : storage.holdBefore(operation);
    holds.add(hold);
    return hold;
  }

  private static void await(String what, BooleanSupplier condition) {
    long last = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("still waiting for: " + what).isLessThan(last);
      Thread.onSpinWait();
    }
  }

  private StoredJob stored(JobId id) {
    return storage.find(List.of(id), Set.of()).get(0);
  }

  private void assertCompletedOnce(JobId id) {
    await("the end of " + id, () -> stored(id).state() == JobState.COMPLETED);
    assertThat(runs).containsEntry(id, 1);
    assertThat(stored(id).status().epoch()).as("leases of " + id).isEqualTo(1);
    assertThat(stored(id).status().crashes()).isZero();
  }

  @Test
  void anExchangeThatHangsBeforeItHappens_isRepeated_andItsLateComingChangesNothing()
      throws Exception {
    Hold hold = hold(Operation.EXCHANGE, false);
    handle((text, job) -> {});
    JobId id = enqueue("x");
    queue.start();
    hold.awaitArrival(LONG);

    assertCompletedOnce(id);

    JobId next = enqueue("y");
    hold.release();
    assertCompletedOnce(next);
    JobId last = enqueue("z");
    assertCompletedOnce(last);
  }

  @Test
  void jobsThatAnExchangeLeasedBeforeItHung_runHere_once() throws Exception {
    Hold hold = hold(Operation.EXCHANGE, true);
    handle((text, job) -> {});
    JobId id = enqueue("x");
    queue.start();
    hold.awaitArrival(LONG);

    assertCompletedOnce(id);

    hold.release();
    assertCompletedOnce(enqueue("y"));
    assertThat(runs).containsEntry(id, 1);
  }

  @Test
  void acksThatHang_areSentAgain() throws Exception {
    AtomicReference<Hold> hold = new AtomicReference<>();
    start(
        (text, job) -> {
          if (text.text().equals("hold")) {
            hold.set(hold(Operation.EXCHANGE, true));
          }
        });
    JobId id = enqueue("hold");

    assertCompletedOnce(id);
    hold.get().awaitArrival(LONG);
    assertCompletedOnce(enqueue("y"));
  }

  @Test
  void jobs_runOnce_howeverManyCallsHang() throws Exception {
    start((text, job) -> {});
    List<JobId> jobs = new ArrayList<>();
    for (int round = 0; round < 6; round++) {
      Hold hold = hold(Operation.EXCHANGE, round % 2 == 0);
      for (int i = 0; i < 20; i++) {
        jobs.add(enqueue("x"));
      }
      hold.awaitArrival(LONG);
      if (round > 0) {
        holds.get(round - 1).release();
      }
    }
    jobs.forEach(this::assertCompletedOnce);
    holds.forEach(Hold::release);

    assertCompletedOnce(enqueue("last"));
    jobs.forEach(id -> assertThat(runs).containsEntry(id, 1));
  }

  @Test
  void heartbeatAndHousekeeping_goOnBesidesCallsThatHang() throws Exception {
    JobQueue own =
        JobQueue.builder()
            .discovery(Discovery.none())
            .storage(() -> storage)
            .lease(Duration.ofSeconds(3))
            .setting("noria.worker.stall-after", "150ms")
            .build();
    Hold extending = hold(Operation.EXTEND, false);
    Hold maintaining = hold(Operation.MAINTAIN, false);
    own.handle(
            WORK,
            (text, job) -> {
              runs.merge(job.id(), 1, Integer::sum);
              await(
                  "more heartbeats and maintenance",
                  () ->
                      storage.calls(Operation.EXTEND) > 2 && storage.calls(Operation.MAINTAIN) > 2);
            })
        .start();
    JobId id = own.enqueue(WORK, new Text("x")).id();
    extending.awaitArrival(LONG);
    maintaining.awaitArrival(LONG);

    await("the end", () -> stored(id).state() == JobState.COMPLETED);
    extending.release();
    maintaining.release();
    own.close();
  }

  @Test
  void whenTheThreadsOfReplacementHangToo_itIsDown_untilOneComesBack() throws Exception {
    for (int i = 0; i < 3; i++) {
      Hold ignored = hold(Operation.EXCHANGE, false);
    }
    start((text, job) -> {});

    await("DOWN", () -> queue.health().status() == Health.Status.DOWN);
    assertThat(queue.health().reasons().get(0))
        .startsWith("The loop 'exchange' has stood still for ")
        .endsWith("Restart the process.");

    holds.forEach(Hold::release);
    await("UP", () -> queue.health().status() == Health.Status.UP);
    assertCompletedOnce(enqueue("x"));
  }

  @Test
  void stop_doesNotWaitForThreadsThatWereReplaced() throws Exception {
    Hold hold = hold(Operation.EXCHANGE, false);
    handle((text, job) -> {});
    JobId id = enqueue("x");
    queue.start();
    hold.awaitArrival(LONG);
    assertCompletedOnce(id);
    long start = System.nanoTime();

    queue.stop();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    assertThat(queue.health().status()).isEqualTo(Health.Status.DOWN);
  }
}
