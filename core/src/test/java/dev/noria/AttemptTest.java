package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobContext;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.Outcome;
import dev.noria.job.Reasons;
import dev.noria.job.Retention;
import dev.noria.job.StoredJob;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.middleware.ProcessChain;
import dev.noria.plugin.Plugin;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.tck.fault.FaultyStorage;
import dev.noria.tck.fault.Operation;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttemptTest {
  record Text(String text) {}

  private static final JobType<Text> WORK =
      JobType.of("work", Text.class)
          .with(
              dev.noria.job.JobOption.retention(
                  new Retention(Duration.ofHours(1), Duration.ofHours(1))));
  private static final JobType<Text> NEXT = JobType.of("next", Text.class).queue("other");

  private final JobQueue queue =
      JobQueue.builder()
          .discovery(Discovery.none())
          .storage(ReferenceStorage::create)
          .lease(Duration.ofMillis(600))
          .setting("noria.worker.abandon-after", "100ms")
          .build();

  @AfterEach
  void close() {
    queue.close();
  }

  private JobId run(dev.noria.job.JobHandler<Text> handler) {
    queue.handle(WORK, handler).start();
    return queue.enqueue(WORK, new Text("x")).id();
  }

  private StoredJob await(JobId id, Predicate<StoredJob> condition) {
    while (true) {
      StoredJob job = queue.find(id).orElseThrow();
      if (condition.test(job)) {
        return job;
      }
      Thread.onSpinWait();
    }
  }

  private StoredJob awaitState(JobId id, JobState state) {
    return await(id, job -> job.state() == state);
  }

  @Test
  void snooze_releasesWithoutCountingTheAttempt() {
    JobId id = run((text, job) -> job.snooze(Duration.ofHours(1)));

    StoredJob stored = awaitState(id, JobState.SCHEDULED);

    assertThat(stored.status().attempt()).isZero();
    assertThat(stored.status().reason()).isEqualTo(Reasons.SNOOZED);
    assertThat(stored.history()).isEmpty();
  }

  @Test
  void retryIn_schedulesTheNextAttemptEvenWhenTheHandlerThrows() {
    JobId id =
        run(
            (text, job) -> {
              job.retryIn(Duration.ofHours(1), "not yet");
              throw new IllegalStateException("later than the verdict");
            });

    StoredJob stored = awaitState(id, JobState.SCHEDULED);

    assertThat(stored.status().attempt()).isEqualTo(1);
    assertThat(stored.history().get(0).error().message()).isEqualTo("not yet");
  }

  @Test
  void fail_isDeadAtOnce() {
    JobId id = run((text, job) -> job.fail("the address does not exist"));

    StoredJob stored = awaitState(id, JobState.DEAD);

    assertThat(stored.status().reason()).isEqualTo(Reasons.FAILED);
    assertThat(stored.history().get(0).error().message()).contains("address");
  }

  @Test
  void aSecondVerdict_isAnError() {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    JobId id =
        run(
            (text, job) -> {
              job.fail("first");
              try {
                job.snooze(Duration.ofSeconds(1));
              } catch (IllegalStateException e) {
                thrown.set(e);
              }
            });

    awaitState(id, JobState.DEAD);

    assertThat(thrown.get()).hasMessageContaining("has a verdict already");
  }

  @Test
  void followUp_isStoredWithTheAck() {
    AtomicReference<JobId> next = new AtomicReference<>();
    JobId id = run((text, job) -> next.set(job.followUp(NEXT, new Text("more"))));

    awaitState(id, JobState.COMPLETED);

    assertThat(queue.find(next.get()).orElseThrow().state()).isEqualTo(JobState.READY);
  }

  @Test
  void followUp_ofAFailedAttemptThatAPluginEndsIsNotStored() {
    AtomicReference<JobId> next = new AtomicReference<>();
    queue.use(
        Plugin.of(
            "giving-up",
            Placement.in(Phase.RECOVER),
            new Middleware() {
              @Override
              public Outcome process(ProcessChain chain) {
                return chain.proceed() instanceof Outcome.Failed failed
                    ? new Outcome.Dead(ErrorInfo.of(failed.error()))
                    : new Outcome.Lost();
              }
            }));
    JobId id =
        run(
            (text, job) -> {
              next.set(job.followUp(NEXT, new Text("more")));
              throw new IllegalStateException("failed");
            });

    awaitState(id, JobState.DEAD);

    assertThat(queue.find(next.get())).isEmpty();
  }

  @Test
  void followUp_ofAFailedAttemptIsNotStored() {
    AtomicReference<JobId> next = new AtomicReference<>();
    JobId id =
        run(
            (text, job) -> {
              next.set(job.followUp(NEXT, new Text("more")));
              throw new IllegalStateException("failed");
            });

    awaitState(id, JobState.DEAD);

    assertThat(queue.find(next.get())).isEmpty();
  }

  @Test
  void progressAndLog_areSeenFromOutside() {
    JobId id =
        run(
            (text, job) -> {
              job.progress(40, "halfway");
              job.log("a line");
            });

    StoredJob stored = awaitState(id, JobState.COMPLETED);

    assertThat(stored.notes().progress().percent()).isEqualTo(40);
    assertThat(stored.notes().progress().message().toUtf8()).isEqualTo("halfway");
    assertThat(stored.notes().log().get(0).text().toUtf8()).isEqualTo("a line");
  }

  @Test
  void cancel_reachesARunningHandler() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    JobId id =
        run(
            (text, job) -> {
              started.countDown();
              never.await();
            });
    assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();

    assertThat(queue.cancel(id).get(0).status()).isEqualTo(ChangeStatus.REQUESTED);

    assertThat(awaitState(id, JobState.CANCELLED).status().reason()).isEqualTo(Reasons.CANCELLED);
  }

  @Test
  void aLongHandler_keepsItsLease() throws Exception {
    FaultyStorage storage = FaultyStorage.over(ReferenceStorage.create());
    AtomicInteger runs = new AtomicInteger();
    AtomicBoolean valid = new AtomicBoolean();
    CountDownLatch done = new CountDownLatch(1);
    try (JobQueue patient =
        JobQueue.builder()
            .discovery(Discovery.none())
            .storage(() -> storage)
            .lease(Duration.ofSeconds(3))
            .build()) {
      patient
          .handle(
              WORK,
              (text, job) -> {
                runs.incrementAndGet();
                // A heartbeat comes every third of a lease: five of them outlast it.
                while (storage.calls(Operation.EXTEND) < 5 && job.isLeaseValid()) {
                  Thread.onSpinWait();
                }
                valid.set(job.isLeaseValid() && job.extend());
                done.countDown();
              })
          .start();
      EnqueueReceipt receipt = patient.enqueue(WORK, new Text("x"));
      assertThat(receipt.isEnqueued()).isTrue();

      assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(runs).hasValue(1);
    assertThat(valid).isTrue();
  }

  @Test
  void aHandlerThatIgnoresItsTimeout_isAbandonedAndItsSlotReplaced() throws Exception {
    AtomicBoolean release = new AtomicBoolean();
    AtomicInteger runs = new AtomicInteger();
    JobType<Text> stuck =
        JobType.of("stuck", Text.class)
            .with(dev.noria.job.JobOption.timeout(Duration.ofMillis(50)));
    CountDownLatch second = new CountDownLatch(1);
    queue
        .handle(
            stuck,
            (text, job) -> {
              if (runs.incrementAndGet() == 1) {
                while (!release.get()) {
                  Thread.onSpinWait();
                }
              }
              second.countDown();
            })
        .start();
    JobId id = queue.enqueue(stuck, new Text("x")).id();

    // The second run starts only when the first one's lease has expired.
    assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
    release.set(true);
    while (queue.find(id).isPresent()) {
      Thread.onSpinWait();
    }
    assertThat(runs).hasValue(2);
  }

  @Test
  void aHandlersInterrupt_doesNotLeakIntoTheNextJob() throws Exception {
    CountDownLatch done = new CountDownLatch(2);
    AtomicBoolean leaked = new AtomicBoolean();
    queue
        .handle(
            WORK,
            (text, job) -> {
              leaked.compareAndSet(false, Thread.currentThread().isInterrupted());
              Thread.currentThread().interrupt();
              done.countDown();
            })
        .start();

    queue.enqueueAll(List.of(WORK.job(new Text("1")), WORK.job(new Text("2"))));

    assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(leaked).isFalse();
  }

  @Test
  void stop_letsRunningHandlersEndAndReleasesTheRest() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    queue
        .handle(
            WORK,
            (text, job) -> {
              started.countDown();
              goOn.await();
            })
        .workOn("default", 1, 1)
        .start();
    List<JobId> ids =
        queue.enqueueAll(List.of(WORK.job(new Text("1")), WORK.job(new Text("2")))).stream()
            .map(receipt -> receipt.id())
            .toList();
    assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();

    Thread stopping = new Thread(queue::stop);
    stopping.start();
    goOn.countDown();
    stopping.join();

    assertThat(queue.find(ids.get(0)).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
    StoredJob second = queue.find(ids.get(1)).orElseThrow();
    assertThat(second.state()).isIn(JobState.READY, JobState.COMPLETED);
    assertThat(second.status().attempt()).isLessThanOrEqualTo(1);
    assertThat(queue.workers()).isEmpty();
  }

  @Test
  void declarationsAfterTheFirstUse_areErrors() {
    queue.counts("default");

    assertThatThrownBy(() -> queue.handle(WORK, (Text text, JobContext job) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("handle came after the first enqueue, look or start");
  }

  @Test
  void anUndecodablePayload_isThatJobsFailure() {
    JobType<String> wrong = JobType.of("work", String.class);
    queue.handle(WORK, (text, job) -> {}).start();

    JobId id = queue.enqueue(wrong, "not an object").id();

    StoredJob stored = awaitState(id, JobState.DEAD);
    assertThat(stored.history().get(0).error().message()).contains("can not be read as");
    assertThat(stored.job().payload().toUtf8()).isEqualTo("\"not an object\"");
  }
}
