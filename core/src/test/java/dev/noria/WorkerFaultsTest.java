package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.job.CallType;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobHandler;
import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.NewJob;
import dev.noria.job.Outcome;
import dev.noria.job.Reasons;
import dev.noria.job.Retention;
import dev.noria.job.StoredJob;
import dev.noria.middleware.DequeueChain;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import dev.noria.plugin.PayloadStage;
import dev.noria.plugin.Plugin;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.StorageException;
import dev.noria.tck.fault.Fault;
import dev.noria.tck.fault.Faults;
import dev.noria.tck.fault.FaultyStorage;
import dev.noria.tck.fault.Operation;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong inside a worker costs no slot, no lease and no other job. */
class WorkerFaultsTest {
  record Text(String text) {}

  private static final JobType<Text> WORK =
      JobType.of("work", Text.class)
          .with(JobOption.retention(new Retention(Duration.ofHours(1), Duration.ofHours(1))));

  private final FaultyStorage storage = FaultyStorage.over(ReferenceStorage.create());
  private final CountDownLatch end = new CountDownLatch(1);
  private JobQueue queue = open("30s");

  private JobQueue open(String grace) {
    return JobQueue.builder()
        .discovery(Discovery.none())
        .storage(() -> storage)
        .concurrency(2)
        .setting("noria.worker.grace", grace)
        .setting("noria.worker.abandon-after", "100ms")
        .setting("noria.enqueue.timeout", "1s")
        .build();
  }

  @AfterEach
  void close() {
    end.countDown();
    queue.close();
    storage.close();
  }

  private void start(JobHandler<Text> handler) {
    queue.handle(WORK, handler).start();
  }

  private JobId enqueue(String text, JobOption... options) {
    return queue.enqueue(WORK, new Text(text), options).id();
  }

  private StoredJob awaitState(JobId id, JobState state) {
    long last = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < last) {
      StoredJob job = storage.find(List.of(id), Set.of()).get(0);
      if (job.state() == state) {
        return job;
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("Job " + id + " did not become " + state + " in 20 s.");
  }

  private void awaitEnd() {
    boolean interrupted = false;
    while (end.getCount() > 0) {
      try {
        end.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aStageThatFailsOnErrors_costsTheWordsButNoSlot() {
    queue.use(Plugin.of("stage", installer -> installer.payloadStage(new BrokenForErrors())));
    start(
        (text, job) -> {
          if (text.text().equals("bad")) {
            throw new IllegalStateException("words");
          }
        });
    List<JobId> bad = List.of(enqueue("bad"), enqueue("bad"), enqueue("bad"));

    bad.forEach(id -> assertThat(awaitState(id, JobState.DEAD).id()).isEqualTo(id));
    JobId good = enqueue("good");
    assertThat(awaitState(good, JobState.COMPLETED).id()).isEqualTo(good);
  }

  private static final class BrokenForErrors implements PayloadStage {
    @Override
    public Bytes write(Bytes content, Context context) {
      if (context.content() == Content.ERROR) {
        throw new IllegalStateException("on purpose");
      }
      return content;
    }

    @Override
    public Bytes read(Bytes content, Context context) {
      return content;
    }
  }

  @Test
  void anErrorOfADequeueMiddleware_doesNotEndTheWorker() {
    AtomicBoolean first = new AtomicBoolean(true);
    queue.use(
        "broken",
        new Middleware() {
          @Override
          public List<LeasedJob> dequeue(DequeueChain chain) {
            List<LeasedJob> jobs = chain.proceed();
            if (!jobs.isEmpty() && first.getAndSet(false)) {
              throw new AssertionError("on purpose");
            }
            return jobs;
          }
        });
    start((text, job) -> {});

    assertThat(awaitState(enqueue("x"), JobState.COMPLETED).status().epoch()).isEqualTo(2);
  }

  @Test
  void aDequeueMiddlewareThatWantsNothing_doesNotMakeTheLoopSpin() throws Exception {
    CountDownLatch twice = new CountDownLatch(3);
    queue.use(
        "picky",
        new Middleware() {
          @Override
          public List<LeasedJob> dequeue(DequeueChain chain) {
            if (!chain.proceed().isEmpty()) {
              twice.countDown();
            }
            return List.of();
          }
        });
    start((text, job) -> {});
    JobId id = enqueue("x");

    assertThat(twice.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(storage.calls(Operation.EXCHANGE)).as("calls for three tries").isLessThan(30);
    assertThat(awaitState(id, JobState.SCHEDULED).status().attempt()).isZero();
  }

  @Test
  void suspects_doNotKeepOthersFromRunning() {
    crash(6);
    CountDownLatch entered = new CountDownLatch(1);
    start(
        (text, job) -> {
          if (text.text().equals("suspect")) {
            entered.countDown();
            awaitEnd();
          }
        });

    JobId healthy = enqueue("healthy");
    assertThat(awaitState(healthy, JobState.COMPLETED).id()).isEqualTo(healthy);
    assertThat(entered.getCount()).isZero();
  }

  @Test
  void aSuspect_startsWhenTheVerdictOnTheLastOneIsStored() throws InterruptedException {
    crash(2);
    Faults flaky = (operation, number) -> number % 2 == 1 ? Fault.REFUSED : Fault.NONE;
    storage.with(flaky.only(Operation.EXCHANGE));
    List<JobId> before = new CopyOnWriteArrayList<>();
    AtomicBoolean early = new AtomicBoolean();
    CountDownLatch both = new CountDownLatch(2);
    start(
        (text, job) -> {
          early.compareAndSet(false, !storage.find(before, Set.of()).isEmpty());
          before.add(job.id());
          both.countDown();
        });

    assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(early).isFalse();
  }

  /** Jobs whose worker died while it held their leases. */
  private void crash(int number) {
    Instant past = Instant.now().minusSeconds(60);
    Bytes payload = Bytes.utf8("{\"text\":\"suspect\"}");
    List<NewJob> jobs =
        IntStream.range(0, number)
            .mapToObj(i -> NewJob.builder(new JobId(1, i), "work", "default", payload).build())
            .toList();
    assertThat(storage.enqueue(new CallId(1, 1), jobs, past)).hasSize(number);
    List<Demand> all = List.of(new Demand("default", number));
    DequeueRequest request =
        new DequeueRequest("dead", 7, past.plusMillis(1), all, number, 1_000, false, 0);
    assertThat(storage.dequeue(new CallId(1, 2), request, past).jobs()).hasSize(number);
    assertThat(storage.maintain(100, past.plusSeconds(1)).ended()).isEmpty();
  }

  @Test
  void aLostReplyWhenTheLastAttemptIsMarked_costsNoAttempt() {
    storage.with(Faults.script(Fault.REPLY_LOST).only(Operation.EXTEND));
    start((text, job) -> {});

    StoredJob job = awaitState(enqueue("x", JobOption.attempts(1)), JobState.COMPLETED);

    assertThat(job.status().attempt()).isEqualTo(1);
  }

  @Test
  void aHandlerThatWasStoppedBefore_doesNotStart() {
    AtomicReference<JobId> cancelled = new AtomicReference<>();
    AtomicInteger runs = new AtomicInteger();
    queue.use(
        "slow",
        new Middleware() {
          @Override
          public Outcome process(ProcessChain chain) {
            cancelled.set(chain.job().id());
            assertThat(queue.cancel(chain.job().id())).hasSize(1);
            while (!chain.context().cancellation().isRequested()) {
              Thread.onSpinWait();
            }
            return chain.proceed();
          }
        });
    start((text, job) -> runs.incrementAndGet());

    JobId id = enqueue("x");

    assertThat(awaitState(id, JobState.CANCELLED).id()).isEqualTo(id);
    assertThat(cancelled).hasValue(id);
    assertThat(runs).hasValue(0);
  }

  @Test
  void aSlowCancelAction_doesNotHoldUpWhoCancels() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch ready = new CountDownLatch(2);
    start(
        (text, job) -> {
          job.cancellation()
              .onRequest(
                  () -> {
                    stuck.countDown();
                    awaitEnd();
                  });
          ready.countDown();
          while (!job.cancellation().isRequested()) {
            Thread.onSpinWait();
          }
          job.cancellation().throwIfRequested();
        });
    JobId first = enqueue("first");
    JobId second = enqueue("second");
    assertThat(ready.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(queue.cancel(first, second)).hasSize(2);

    assertThat(stuck.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(awaitState(first, JobState.CANCELLED).id()).isEqualTo(first);
    assertThat(awaitState(second, JobState.CANCELLED).id()).isEqualTo(second);
  }

  @Test
  void stopWithAPendingInterrupt_stillSendsTheLastAcks() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    start(
        (text, job) -> {
          entered.countDown();
          while (!job.cancellation().isRequested()) {
            Thread.onSpinWait();
          }
        });
    JobId id = enqueue("x");
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

    Thread.currentThread().interrupt();
    queue.stop();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(awaitState(id, JobState.COMPLETED).id()).isEqualTo(id);
  }

  @Test
  void stopInAHandler_isAnErrorAndHangsNobody() {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    start(
        (text, job) -> {
          try {
            queue.close();
          } catch (IllegalStateException e) {
            thrown.set(e);
          }
        });

    JobId id = enqueue("x");

    assertThat(awaitState(id, JobState.COMPLETED).id()).isEqualTo(id);
    assertThat(thrown.get()).hasMessageContaining("Expected another thread");
  }

  @Test
  void aHandlerThatIgnoresTheStop_doesNotCountAsACrash() throws Exception {
    queue = open("0s");
    CountDownLatch entered = new CountDownLatch(1);
    start(
        (text, job) -> {
          entered.countDown();
          awaitEnd();
        });
    JobId id = enqueue("x");
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

    queue.stop();

    Instant later = Instant.now().plusSeconds(60);
    assertThat(storage.maintain(100, later).ended()).isEmpty();
    StoredJob job = awaitState(id, JobState.READY);
    assertThat(job.status().crashes()).isZero();
    assertThat(job.status().reason()).isEqualTo(Reasons.ABANDONED);
  }

  @Test
  void aWaiterForAJobThatVanishes_doesNotSpin() {
    CallType<Text, Text> call = CallType.of("call", Text.class, Text.class);
    queue.handle(call, (text, job) -> text).start();
    Duration second = Duration.ofSeconds(1);

    assertThatThrownBy(
            () ->
                queue.enqueueAndWait(
                    call, new Text("x"), second, JobOption.retention(Duration.ZERO)))
        .isInstanceOf(TimeoutException.class);

    assertThat(storage.calls(Operation.FIND)).isLessThan(50);
  }

  @Test
  void aCallOfSeveralBatches_thatFailsInALaterOne_hasAnUnknownOutcome() {
    int most = storage.info().limits().batchJobs();
    List<NewJob> jobs =
        IntStream.range(0, most + 1)
            .mapToObj(i -> NewJob.builder(new JobId(2, i), "work", "default", Bytes.EMPTY).build())
            .toList();
    JobQueue producer = queue;
    EnqueueReceipt opened = producer.enqueue(WORK, new Text("opens"));
    assertThat(opened.isEnqueued()).isTrue();
    Faults refused = (operation, number) -> number == 1 ? Fault.NONE : Fault.REFUSED;
    storage.with(refused.only(Operation.ENQUEUE));

    assertThatThrownBy(() -> producer.kernel().client().enqueuePrepared(jobs))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.outcomeUnknown()).isTrue());
  }
}
