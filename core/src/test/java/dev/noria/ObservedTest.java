package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.Outcome;
import dev.noria.job.Reasons;
import dev.noria.plugin.JobEvent;
import dev.noria.plugin.Plugin;
import dev.noria.storage.StorageException;
import dev.noria.tck.fault.Hold;
import dev.noria.tck.fault.Operation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What listeners hear of storages. */
class ObservedTest {
  private static final JobType<String> WORK = JobType.of("work", String.class);

  private final ByHand hand = new ByHand();
  private final List<JobEvent> heard = new CopyOnWriteArrayList<>();
  private final JobQueue queue =
      hand.builder()
          .executor(Runnable::run)
          .enqueueTimeout(Duration.ofMillis(1))
          .build()
          .use(Plugin.of("ears", installer -> installer.listen(heard::add)))
          .handle(WORK, (text, job) -> {});

  @AfterEach
  void close() {
    hand.close(queue);
  }

  private <T extends JobEvent> List<T> heard(Class<T> type) {
    hand.turnEvents();
    return heard.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private JobEvent.StorageCalled call(String operation) {
    List<JobEvent.StorageCalled> calls =
        heard(JobEvent.StorageCalled.class).stream()
            .filter(call -> call.operation().equals(operation))
            .toList();
    assertThat(calls).as("calls of " + operation).isNotEmpty();
    return calls.get(calls.size() - 1);
  }

  @Test
  void everyCallOfTheStorage_isTold() {
    queue.start();
    List<JobId> ids =
        queue.enqueueAll(List.of(WORK.job("a"), WORK.job("b"))).stream().map(r -> r.id()).toList();
    assertThat(call("enqueue").items()).isEqualTo(2);
    hand.turn("exchange");
    assertThat(call("exchange").items()).as("jobs that came").isEqualTo(2);
    hand.turn("exchange");
    assertThat(call("exchange").items()).as("acks").isEqualTo(2);
    hand.turn("maintain");
    assertThat(call("maintain").error()).isNull();
    assertThat(queue.findAll(ids, java.util.Set.of())).isEmpty();
    assertThat(call("find").items()).isEqualTo(2);
    queue.counts("default");
    assertThat(call("counts").items()).isEqualTo(1);
    assertThat(heard(JobEvent.StorageCalled.class))
        .allSatisfy(
            call -> {
              assertThat(call.error()).isNull();
              assertThat(call.took()).isZero();
              assertThat(call.at()).isEqualTo(hand.time.now());
            });
  }

  @Test
  void aCallThatTakesLong_isTimed() throws Exception {
    queue.start();
    try (Hold hold = hand.storage.holdBefore(Operation.EXCHANGE)) {
      Thread exchanging = new Thread(() -> hand.turn("exchange"));
      exchanging.start();
      hold.awaitArrival(Duration.ofSeconds(20));
      hand.time.advance(Duration.ofMillis(1_234));
      hold.release();
      exchanging.join();
    }
    assertThat(call("exchange").took()).isEqualTo(Duration.ofMillis(1_234));
  }

  @Test
  void aCallThatFails_isToldWithItsKind() {
    queue.start();
    hand.storage.down();
    hand.turn("exchange");
    assertThat(call("exchange").error()).isEqualTo("UNAVAILABLE");
    assertThatThrownBy(() -> queue.counts("default")).isInstanceOf(StorageException.class);
    assertThat(call("counts").error()).isEqualTo("UNAVAILABLE");
    hand.storage.up();
    hand.turn("exchange");
    assertThat(call("exchange").error()).isNull();
  }

  @Test
  void aJobThatADequeueEnds_isTold() {
    queue.start();
    JobId id = queue.enqueue(WORK, "x", JobOption.deadline(hand.time.now().plusSeconds(1))).id();
    hand.time.advance(Duration.ofSeconds(2));

    hand.turn("exchange");

    assertThat(heard(JobEvent.EndedByStorage.class))
        .containsExactly(
            new JobEvent.EndedByStorage(
                hand.time.now(), id, "default", "work", JobState.DEAD, Reasons.EXPIRED));
    assertThat(heard(JobEvent.Started.class)).isEmpty();
  }

  @Test
  void aJobThatMaintenanceEnds_isTold() {
    queue.start();
    JobId id =
        queue
            .enqueue(
                WORK,
                "x",
                JobOption.queue("nobody's"),
                JobOption.deadline(hand.time.now().plusSeconds(1)))
            .id();
    hand.time.advance(Duration.ofSeconds(2));

    hand.turn("maintain");

    assertThat(heard(JobEvent.EndedByStorage.class))
        .extracting(JobEvent.EndedByStorage::id, JobEvent.EndedByStorage::reason)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(id, Reasons.EXPIRED));
  }

  @Test
  void aWholeLife_isTold() {
    queue.start();
    JobId id = queue.enqueue(WORK, "x").id();
    hand.turn("exchange");
    hand.turn("exchange");

    assertThat(heard(JobEvent.Enqueued.class)).extracting(JobEvent.Enqueued::id).containsOnly(id);
    assertThat(heard(JobEvent.Started.class))
        .extracting(JobEvent.Started::id, JobEvent.Started::attempt)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(id, 1));
    assertThat(heard(JobEvent.Ended.class))
        .extracting(JobEvent.Ended::id, JobEvent.Ended::outcome)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(id, Outcome.Kind.COMPLETED));
  }
}
