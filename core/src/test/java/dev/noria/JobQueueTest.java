package dev.noria;

import static dev.noria.job.JobOption.attempts;
import static dev.noria.job.JobOption.in;
import static dev.noria.job.JobOption.key;
import static dev.noria.job.JobOption.retention;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.CallType;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobFailedException;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.Reasons;
import dev.noria.plugin.JobEvent;
import dev.noria.plugin.Plugin;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobQueueTest {
  record Text(String text) {}

  record Amount(int value) {}

  private static final JobType<Text> PRINT = JobType.of("print", Text.class);
  private static final CallType<Amount, Amount> DOUBLE =
      CallType.of("double", Amount.class, Amount.class);

  private final JobQueue queue =
      JobQueue.builder().discovery(Discovery.none()).storage(ReferenceStorage::create).build();

  @AfterEach
  void close() {
    queue.close();
  }

  @Test
  void aJob_isHandledOnce() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    List<String> seen = new ArrayList<>();
    queue
        .handle(
            PRINT,
            (text, job) -> {
              seen.add(text.text());
              done.countDown();
            })
        .start();

    EnqueueReceipt receipt = queue.enqueue(PRINT, new Text("hello"));

    assertThat(receipt.isEnqueued()).isTrue();
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(seen).containsExactly("hello");
  }

  @Test
  void manyJobs_areAllHandled() throws Exception {
    int count = 20_000;
    CountDownLatch done = new CountDownLatch(count);
    Set<JobId> seen = ConcurrentHashMap.newKeySet();
    queue
        .handle(
            PRINT,
            (text, job) -> {
              assertThat(seen.add(job.id())).isTrue();
              done.countDown();
            })
        .start();

    long stored =
        queue.enqueueMany(
            IntStream.range(0, count).mapToObj(i -> PRINT.job(new Text("number " + i))));

    assertThat(stored).isEqualTo(count);
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void oneSlot_takesTheNextJobWithoutWaitingForTheSafetyPoll() throws Exception {
    CountDownLatch done = new CountDownLatch(50);
    try (JobQueue single =
        JobQueue.builder()
            .discovery(Discovery.none())
            .storage(ReferenceStorage::create)
            .concurrency(1)
            .build()) {
      single.handle(PRINT, (text, job) -> done.countDown()).start();

      for (int i = 0; i < 50; i++) {
        EnqueueReceipt receipt = single.enqueue(PRINT, new Text("one of many"));
        assertThat(receipt.isEnqueued()).isTrue();
      }

      // One wait for the safety poll alone would take longer.
      assertThat(done.await(4, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void newIds_ascend() {
    JobId last = queue.newId();
    for (int i = 0; i < 10_000; i++) {
      JobId next = queue.newId();
      assertThat(next).isGreaterThan(last);
      last = next;
    }
  }

  @Test
  void aCall_returnsItsResult() throws Exception {
    queue.handle(DOUBLE, (number, job) -> new Amount(number.value() * 2)).start();

    Amount result = queue.enqueueAndWait(DOUBLE, new Amount(21), Duration.ofSeconds(10));

    assertThat(result).isEqualTo(new Amount(42));
  }

  @Test
  void aResultOverTheLimit_failsTheAttempt() {
    CallType<Amount, String> large = CallType.of("large", Amount.class, String.class);
    queue.handle(large, (number, job) -> "x".repeat(number.value())).start();

    assertThatThrownBy(
            () -> queue.enqueueAndWait(large, new Amount(2_000_000), Duration.ofSeconds(10)))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("The result of 'large' has 2000002 bytes. At most 1048576 fit");
  }

  @Test
  void aFailingJob_isDeadAtOnceWithoutRetries() throws Exception {
    queue
        .handle(
            DOUBLE,
            (number, job) -> {
              throw new IllegalArgumentException("no");
            })
        .start();

    assertThatThrownBy(() -> queue.enqueueAndWait(DOUBLE, new Amount(1), Duration.ofSeconds(10)))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("IllegalArgumentException: no");
  }

  @Test
  void aDuplicate_isAnsweredWithTheExistingJob() {
    EnqueueReceipt first = queue.enqueue(PRINT, new Text("a"), key("k"), in(Duration.ofHours(1)));

    EnqueueReceipt second = queue.enqueue(PRINT, new Text("b"), key("k"));

    assertThat(second).isEqualTo(EnqueueReceipt.duplicate(first.id(), JobState.SCHEDULED));
  }

  @Test
  void anUnknownType_isReleasedWithItsReason() {
    CountDownLatch known = new CountDownLatch(1);
    queue.handle(PRINT, (text, job) -> known.countDown()).start();

    JobId id = queue.enqueue(JobType.of("other", Text.class), new Text("x")).id();

    while (queue.find(id).orElseThrow().status().reason() == null) {
      Thread.onSpinWait();
    }
    assertThat(queue.find(id).orElseThrow().status().reason()).isEqualTo(Reasons.UNKNOWN_TYPE);
    assertThat(queue.find(id).orElseThrow().status().attempt()).isZero();
  }

  @Test
  void aTimeout_endsTheAttempt() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    JobType<Text> slow = JobType.of("slow", Text.class);
    queue.handle(slow, (text, job) -> never.await()).start();

    JobId id =
        queue
            .enqueue(
                slow,
                new Text("x"),
                dev.noria.job.JobOption.timeout(Duration.ofMillis(50)),
                retention(Duration.ofHours(1)),
                attempts(3))
            .id();

    while (queue.find(id).orElseThrow().state() != JobState.DEAD) {
      Thread.onSpinWait();
    }
    assertThat(queue.find(id).orElseThrow().history().get(0).error().message())
        .contains("longer than its timeout of PT0.05S");
  }

  @Test
  void describe_showsTheChain() {
    assertThat(queue.describe()).contains("process: timeout(payload(handler))");
  }

  @Test
  void closingAnIdleQueue_isQuick() {
    queue.handle(PRINT, (text, job) -> {}).start();

    long start = System.nanoTime();
    queue.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
  }

  @Test
  void aQueueThatOnlyEnqueues_tellsItsListeners() {
    List<JobEvent> heard = new CopyOnWriteArrayList<>();
    queue.use(Plugin.of("ears", installer -> installer.listen(heard::add)));

    JobId id = queue.enqueue(PRINT, new Text("hello")).id();
    queue.close();

    assertThat(heard)
        .filteredOn(JobEvent.Enqueued.class::isInstance)
        .extracting(event -> ((JobEvent.Enqueued) event).id())
        .containsExactly(id);
  }
}
