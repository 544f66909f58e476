package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.WorkerInfo;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.Plugin;
import dev.noria.tck.fault.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a worker says of itself, and in which order it comes and goes. */
class WorkerLifeTest {
  private static final JobType<String> WORK =
      JobType.of("work", String.class).with(JobOption.retention(Duration.ofHours(1)));

  private final ByHand hand = new ByHand();
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final JobQueue queue = hand.builder().build();

  @AfterEach
  void close() {
    hand.close(queue);
  }

  private Plugin plugin(String id) {
    return Plugin.of(
        id,
        installer -> {
          installer.loop("sweep", () -> 1_000);
          installer.onStart(() -> done.add("start " + id));
          installer.onStop(() -> done.add("stop " + id + " after " + hand.stopped.size()));
        });
  }

  @Test
  void plugins_stopInReverseWhenAllLoopsHaveStopped() {
    queue.use(plugin("a")).use(plugin("b")).handle(WORK, (text, job) -> {}).start();
    assertThat(done).containsExactly("start a", "start b");
    int loops = hand.loops() - 1; // the watchdog looks until the queue is closed

    hand.closing();
    queue.stop();

    assertThat(done)
        .containsExactly("start a", "start b", "stop b after " + loops, "stop a after " + loops);
    assertThat(hand.stopped).contains("exchange", "heartbeat", "maintain", "a.sweep", "b.sweep");
  }

  @Test
  void aProcessThatOnlyEnqueues_runsNoPartOfPlugins() {
    queue.use(plugin("a"));
    assertThat(queue.enqueue(WORK, "x").isEnqueued()).isTrue();

    queue.close();

    assertThat(done).isEmpty();
    assertThat(hand.loops()).isZero();
  }

  @Test
  void heartbeats_goOnWhileAStopWaits() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    AtomicBoolean cancelled = new AtomicBoolean();
    queue
        .handle(
            WORK,
            (text, job) -> {
              entered.countDown();
              free.await();
              cancelled.set(job.cancellation().isRequested() || !job.isLeaseValid());
            })
        .start();
    JobId id = queue.enqueue(WORK, "x").id();
    hand.turn("exchange");
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    int wakes = hand.wakes("exchange");
    Thread stopping = new Thread(queue::stop);
    stopping.start();
    ByHand.await("the stop waits", () -> hand.wakes("exchange") > wakes + 1);

    for (int i = 0; i < 4; i++) {
      long before = hand.storage.calls(Operation.EXTEND);
      hand.time.advance(Duration.ofSeconds(10));
      hand.turn("heartbeat");
      hand.turn("fence");
      assertThat(hand.storage.calls(Operation.EXTEND)).isEqualTo(before + 1);
    }
    free.countDown();
    hand.exchangeUntil("it stopped", () -> !stopping.isAlive());

    assertThat(cancelled).isFalse();
    assertThat(hand.find(id).state()).isEqualTo(JobState.COMPLETED);
    assertThat(hand.find(id).status().epoch()).isEqualTo(1);
  }

  @Test
  void workers_areListedWhileTheyAnnounceThemselves() {
    Instant since = hand.time.now();
    queue.handle(WORK, (text, job) -> {}).workOn("mail").start();
    assertThat(hand.turn("presence")).isEqualTo(10_000);
    WorkerInfo worker = queue.workers().get(0);
    assertThat(worker.id()).hasSize(36);
    assertThat(worker.host()).isNotEmpty();
    assertThat(worker.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(worker.queues()).containsExactlyInAnyOrder("default", "mail");
    assertThat(worker.types()).containsExactly("work");
    assertThat(worker.since()).isEqualTo(since);
    assertThat(worker.heartbeat()).isEqualTo(since);

    hand.time.advance(Duration.ofSeconds(10));
    hand.turn("presence");
    assertThat(queue.workers().get(0).heartbeat()).isEqualTo(since.plusSeconds(10));
    assertThat(queue.workers().get(0).since()).isEqualTo(since);

    hand.time.advance(Duration.ofSeconds(31));
    assertThat(queue.workers()).as("it is dead, for all that is known").isEmpty();
  }

  @Test
  void aroundEachPoint_aLambdaIsEnough() {
    Placement admit = Placement.in(Phase.ADMIT);
    queue
        .use(
            Plugin.of(
                "lambdas",
                installer -> {
                  installer.aroundEnqueue(
                      admit,
                      chain -> {
                        done.add("enqueue");
                        return chain.proceed();
                      });
                  installer.aroundDequeue(
                      admit,
                      chain -> {
                        done.add("dequeue");
                        return chain.proceed();
                      });
                  installer.aroundProcess(
                      admit,
                      chain -> {
                        done.add("process");
                        return chain.proceed();
                      });
                  installer.aroundAck(
                      admit,
                      chain -> {
                        done.add("ack " + chain.acks().size());
                        return chain.proceed();
                      });
                }))
        .handle(WORK, (text, job) -> {})
        .start();
    JobId id = queue.enqueue(WORK, "x").id();

    hand.exchangeUntil("it completed", () -> hand.find(id).state() == JobState.COMPLETED);

    assertThat(done).startsWith("enqueue").contains("dequeue", "process", "ack 1");
    assertThat(done.indexOf("process")).isGreaterThan(done.indexOf("dequeue"));
    assertThat(done.indexOf("ack 1")).isGreaterThan(done.indexOf("process"));
  }
}
