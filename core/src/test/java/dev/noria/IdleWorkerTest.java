package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobOption;
import dev.noria.job.JobType;
import dev.noria.tck.fault.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An idle worker sleeps until there is a reason not to. */
class IdleWorkerTest {
  private static final JobType<String> WORK = JobType.of("work", String.class);

  private final ByHand hand = new ByHand();
  private final List<String> ran = new ArrayList<>();
  private final JobQueue queue =
      hand.builder()
          .executor(Runnable::run)
          .build()
          .handle(WORK, (text, job) -> ran.add(text))
          .start();

  @AfterEach
  void close() {
    hand.close(queue);
  }

  private int turnUntilQuiet() {
    int turns = 1;
    while (hand.turn("exchange") == 0) {
      turns++;
    }
    return turns;
  }

  @Test
  void nobodyWakesAWorker_thatHasNothingToDo() {
    assertThat(hand.turn("exchange")).as("the safety poll").isBetween(5_000L, 30_000L);
    int wakes = hand.wakes("exchange");
    long calls = hand.storage.calls(Operation.EXCHANGE);

    for (int i = 0; i < 100; i++) {
      hand.time.advance(Duration.ofMillis(50));
      hand.turn("heartbeat");
      hand.turn("fence");
      hand.turn("maintain");
      hand.turn("presence");
    }

    assertThat(hand.wakes("exchange")).isEqualTo(wakes);
    assertThat(hand.storage.calls(Operation.EXCHANGE)).isEqualTo(calls);
    assertThat(hand.storage.calls(Operation.EXTEND)).as("nothing is held").isZero();
  }

  @Test
  void anEnqueue_wakesItOnce() {
    hand.turn("exchange");
    int wakes = hand.wakes("exchange");

    assertThat(queue.enqueue(WORK, "x").isEnqueued()).isTrue();
    assertThat(hand.wakes("exchange")).isEqualTo(wakes + 1);

    assertThat(hand.turn("exchange")).as("the ack waits").isZero();
    assertThat(ran).containsExactly("x");
    assertThat(hand.turn("exchange")).isBetween(5_000L, 30_000L);
  }

  @Test
  void anEnqueueThatNobodySleepsFor_wakesNobody() {
    hand.turn("exchange");
    assertThat(queue.enqueue(WORK, "first").isEnqueued()).isTrue();
    int wakes = hand.wakes("exchange");

    assertThat(queue.enqueue(WORK, "second").isEnqueued()).isTrue();

    assertThat(hand.wakes("exchange")).as("it is awake already").isEqualTo(wakes);
    assertThat(turnUntilQuiet()).isLessThanOrEqualTo(3);
    assertThat(ran).containsExactly("first", "second");
  }

  @Test
  void aJobOfLater_isWhatItWaitsFor() {
    assertThat(queue.enqueue(WORK, "later", JobOption.in(Duration.ofSeconds(3))).isEnqueued())
        .isTrue();

    assertThat(hand.turn("exchange")).isEqualTo(3_000);
    hand.time.advance(Duration.ofMillis(2_999));
    assertThat(hand.turn("exchange")).isEqualTo(1);
    assertThat(ran).isEmpty();
    hand.time.advance(Duration.ofMillis(1));
    assertThat(turnUntilQuiet()).isLessThanOrEqualTo(3);
    assertThat(ran).containsExactly("later");
  }

  @Test
  void theSafetyPoll_isDrawnAtRandom() {
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waits.add(hand.turn("exchange"));
    }
    assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(5_000L, 30_000L));
    assertThat(waits.stream().distinct().count()).isGreaterThan(5);
  }
}
