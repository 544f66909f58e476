package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.Outcome;
import dev.noria.job.StoredJob;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import dev.noria.tck.fault.Hold;
import dev.noria.tck.fault.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that have not started go back when something speaks against it: attempt and place kept. */
class GiveBackTest {
  private static final JobType<String> WORK =
      JobType.of("work", String.class).with(JobOption.retention(Duration.ofHours(1)));

  private final ByHand hand = new ByHand();
  private final List<String> ran = new ArrayList<>();
  private final JobQueue queue =
      hand.builder()
          .concurrency(4)
          .executor(hand.parking())
          .build()
          .handle(WORK, (text, job) -> ran.add(text));

  @AfterEach
  void close() {
    hand.close(queue);
  }

  /** Two jobs that are leased and wait for a thread. */
  private List<JobId> buffered() {
    queue.start();
    List<JobId> ids = List.of(enqueue("a"), enqueue("b"));
    hand.turn("exchange");
    assertThat(hand.parked).isNotEmpty();
    assertThat(ids).allMatch(id -> hand.find(id).state() == JobState.RUNNING);
    return ids;
  }

  private JobId enqueue(String text) {
    return queue.enqueue(WORK, text).id();
  }

  private void assertBack(JobId id) {
    StoredJob job = hand.find(id);
    assertThat(job.state()).isEqualTo(JobState.READY);
    assertThat(job.status().attempt()).isZero();
    assertThat(job.status().crashes()).isZero();
    assertThat(job.history()).isEmpty();
  }

  /** What went back is taken again in its old order, before what came later. */
  private void assertRunsInOrder(String... texts) {
    hand.exchangeUntil(
        "all ran",
        () -> {
          hand.runParked();
          return ran.size() == texts.length;
        });
    assertThat(ran).containsExactly(texts);
  }

  @Test
  void unstartedJobs_goBackAfterAThirdOfTheLease() {
    List<JobId> ids = buffered();

    hand.time.advance(Duration.ofSeconds(10));
    hand.turn("heartbeat");
    hand.turn("exchange");
    assertThat(ids).allMatch(id -> hand.find(id).status().epoch() == 1);

    hand.time.advance(Duration.ofMillis(1));
    hand.turn("heartbeat");
    hand.elsewhere().pause("default", hand.time.now());
    hand.turn("exchange");

    ids.forEach(this::assertBack);
    hand.runParked();
    assertThat(ran).isEmpty();
    hand.elsewhere().resume("default", hand.time.now());
    enqueue("c");
    assertRunsInOrder("a", "b", "c");
  }

  @Test
  void unstartedJobs_goBackWhenAnotherProcessPausesTheirQueue() {
    List<JobId> ids = buffered();

    hand.elsewhere().pause("default", hand.time.now());
    assertThat(hand.turn("exchange")).as("the way back is not put off").isZero();
    hand.turn("exchange");

    ids.forEach(this::assertBack);
    hand.runParked();
    assertThat(ran).isEmpty();
  }

  @Test
  void pause_startsNothingOfThisProcessThatWaitsForAThread() {
    List<JobId> ids = buffered();

    queue.pause("default");
    hand.runParked();

    assertThat(ran).isEmpty();
    hand.turn("exchange");
    ids.forEach(this::assertBack);
    queue.resume("default");
    assertRunsInOrder("a", "b");
  }

  @Test
  void pause_startsNothingThatACallBringsThatWasOnItsWay() throws Exception {
    queue.start();
    JobId id = enqueue("late");
    try (Hold hold = hand.storage.holdAfter(Operation.EXCHANGE)) {
      Thread exchanging = new Thread(() -> hand.turn("exchange"));
      exchanging.start();
      hold.awaitArrival(Duration.ofSeconds(20));

      queue.pause("default");
      hold.release();
      exchanging.join();
    }
    hand.runParked();

    assertThat(ran).isEmpty();
    hand.turn("exchange");
    hand.runParked();
    assertThat(ran).isEmpty();
    assertBack(id);
  }

  @Test
  void pause_startsNoHandlerBehindAMiddlewareThatTookItsTime() {
    queue.use(
        "slow",
        new Middleware() {
          @Override
          public Outcome process(ProcessChain chain) {
            if (chain.job().lease().epoch() == 1) {
              queue.pause("default");
            }
            return chain.proceed();
          }
        });
    List<JobId> ids = buffered();

    hand.runParked();

    assertThat(ran).isEmpty();
    hand.turn("exchange");
    ids.forEach(this::assertBack);
    queue.resume("default");
    assertRunsInOrder("a", "b");
  }

  @Test
  void aPauseOfThisProcess_endsWhenAnotherOneResumes() {
    queue.start();
    queue.pause("default");
    enqueue("a");
    hand.turn("exchange");
    hand.runParked();
    assertThat(ran).isEmpty();

    hand.elsewhere().resume("default", hand.time.now());

    assertRunsInOrder("a");
  }

  @Test
  void aPause_leavesOtherQueuesAlone() {
    JobType<String> other = JobType.of("other", String.class).queue("other");
    queue.handle(other, (text, job) -> ran.add(text));
    buffered();

    queue.pause("default");
    assertThat(queue.enqueue(other, "other").isEnqueued()).isTrue();

    assertRunsInOrder("other");
  }

  @Test
  void anUnstartedJob_thatIsCancelled_neverStarts() {
    List<JobId> ids = buffered();

    assertThat(queue.cancel(ids.get(0))).hasSize(1);
    hand.runParked();
    hand.turn("exchange");

    assertThat(ran).containsExactly("b");
    assertThat(hand.find(ids.get(0)).state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void nothingStarts_underALeaseThatIsNotSafe() {
    List<JobId> ids = buffered();

    hand.time.advance(Duration.ofSeconds(25));
    hand.runParked();
    assertThat(ran).isEmpty();

    hand.elsewhere().pause("default", hand.time.now());
    hand.turn("exchange");
    ids.forEach(this::assertBack);
  }

  @Test
  void aRefusingExecutor_keepsNoJob() {
    ByHand own = new ByHand();
    JobQueue refused =
        own.builder()
            .executor(
                task -> {
                  throw new java.util.concurrent.RejectedExecutionException("full");
                })
            .build()
            .handle(WORK, (text, job) -> ran.add(text))
            .start();
    try {
      JobId id = refused.enqueue(WORK, "x").id();
      own.turn("exchange");
      own.time.advance(Duration.ofSeconds(11));
      own.turn("heartbeat");
      own.elsewhere().pause("default", own.time.now());
      own.turn("exchange");

      assertThat(own.find(id).state()).isEqualTo(JobState.READY);
      assertThat(own.find(id).status().attempt()).isZero();
      assertThat(ran).isEmpty();
    } finally {
      own.close(refused);
    }
  }
}
