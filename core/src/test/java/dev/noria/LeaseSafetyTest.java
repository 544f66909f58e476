package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobContext;
import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.StoredJob;
import dev.noria.plugin.JobEvent;
import dev.noria.plugin.Plugin;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.tck.fault.Fault;
import dev.noria.tck.fault.Faults;
import dev.noria.tck.fault.Hold;
import dev.noria.tck.fault.Operation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A handler never goes on, as far as it obeys, under a lease that another worker may have. */
class LeaseSafetyTest {
  private static final JobType<String> WORK =
      JobType.of("work", String.class).with(JobOption.retention(Duration.ofHours(1)));

  private final ByHand hand = new ByHand();
  private final List<JobEvent> heard = new CopyOnWriteArrayList<>();
  private final JobQueue queue =
      hand.builder().build().use(Plugin.of("ears", installer -> installer.listen(heard::add)));

  private final AtomicReference<JobContext> context = new AtomicReference<>();
  private final AtomicReference<String> reason = new AtomicReference<>();
  private final AtomicBoolean extended = new AtomicBoolean(true);
  private final AtomicInteger runs = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);

  @AfterEach
  void close() {
    free.countDown();
    hand.close(queue);
  }

  /** Enqueues a job whose first run waits until it is freed, or interrupted. */
  private JobId startHeld() throws InterruptedException {
    queue.handle(WORK, this::handle).start();
    JobId id = queue.enqueue(WORK, "x").id();
    hand.turn("exchange");
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    return id;
  }

  private void handle(String text, JobContext job) throws InterruptedException {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try {
      if (runs.incrementAndGet() == 1) {
        context.set(job);
        entered.countDown();
        free.await();
      }
    } catch (InterruptedException e) {
      reason.set(job.cancellation().reason().orElse("none"));
      extended.set(job.extend());
      throw e;
    } finally {
      atOnce.decrementAndGet();
      left.countDown();
    }
  }

  private void awaitLeft() throws InterruptedException {
    assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aLeaseThatCannotBeExtended_endsItsHandlerBeforeAnybodyElseMayHaveTheJob() throws Exception {
    hand.storage.with(Faults.every(1, Fault.REFUSED).only(Operation.EXTEND));
    JobId id = startHeld();

    for (int seconds = 0; seconds < 24; seconds += 3) {
      hand.time.advance(Duration.ofSeconds(3));
      assertThat(hand.turn("heartbeat")).as("it tries again soon").isLessThanOrEqualTo(1_000);
      hand.turn("fence");
    }
    assertThat(context.get().isLeaseValid()).as("after 24 s").isTrue();
    assertThat(context.get().cancellation().isRequested()).isFalse();

    hand.time.advance(Duration.ofSeconds(1));
    assertThat(context.get().isLeaseValid()).as("after 25 s, with a margin of 5 s").isFalse();
    assertThat(hand.turn("fence")).as("looks often enough for the margin").isEqualTo(2_500);

    awaitLeft();
    assertThat(reason).hasValue("The lease could not be extended in time.");
    assertThat(extended).isFalse();
    // Nobody else could have it until now: the lease of 30 s has not ended.
    assertThat(hand.storage.maintain(100, hand.time.now()).reclaimed()).isEmpty();
    hand.exchangeUntil("it ran again", () -> hand.find(id).state() == JobState.COMPLETED);
    StoredJob job = hand.find(id);
    assertThat(job.status().epoch()).isEqualTo(2);
    assertThat(job.status().attempt()).as("the first run went back").isEqualTo(1);
    assertThat(job.history()).isEmpty();
    assertThat(mostAtOnce).hasValue(1);
  }

  @Test
  void aLeaseThatAnotherWorkerHas_endsItsHandlerWithoutAnAck() throws Exception {
    JobId id = startHeld();
    hand.time.advance(Duration.ofSeconds(31));
    assertThat(hand.storage.maintain(100, hand.time.now()).reclaimed()).containsExactly(id);
    DequeueRequest request =
        new DequeueRequest(
            "another",
            8,
            hand.time.now().plusSeconds(30),
            List.of(new Demand("default", 1)),
            1,
            1_000,
            false,
            0);
    assertThat(hand.storage.dequeue(new CallId(9, 1), request, hand.time.now()).jobs()).hasSize(1);

    hand.turn("heartbeat");

    awaitLeft();
    assertThat(reason).hasValue("The lease was lost: another worker may run the job.");
    assertThat(extended).as("extend() of a lost lease").isFalse();
    assertThat(context.get().isLeaseValid()).isFalse();
    ByHand.await(
        "the loss is told",
        () -> {
          hand.turnEvents();
          return heard.stream().anyMatch(JobEvent.LeaseLost.class::isInstance);
        });
    hand.turn("exchange");
    assertThat(hand.find(id).state()).isEqualTo(JobState.RUNNING);
    assertThat(hand.find(id).status().epoch()).isEqualTo(2);
    assertThat(heard).noneMatch(JobEvent.Ended.class::isInstance);
  }

  @Test
  void heartbeats_goOnBesideAnExchangeThatHangs() throws Exception {
    JobId id = startHeld();
    try (Hold hold = hand.storage.holdBefore(Operation.EXCHANGE)) {
      Thread exchanging = new Thread(() -> hand.turn("exchange"));
      exchanging.start();
      hold.awaitArrival(Duration.ofSeconds(20));

      for (int i = 0; i < 5; i++) {
        hand.time.advance(Duration.ofSeconds(10));
        assertThat(hand.turn("heartbeat")).isEqualTo(10_000);
        hand.turn("fence");
        assertThat(hand.storage.maintain(100, hand.time.now()).reclaimed()).isEmpty();
      }

      assertThat(context.get().isLeaseValid()).isTrue();
      assertThat(context.get().cancellation().isRequested()).isFalse();
      free.countDown();
      hold.release();
      exchanging.join();
    }
    hand.exchangeUntil("it completed", () -> hand.find(id).state() == JobState.COMPLETED);
    assertThat(hand.find(id).status().epoch()).isEqualTo(1);
    assertThat(runs).hasValue(1);
  }
}
