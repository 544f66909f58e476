package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Dependencies;
import dev.noria.job.GroupPolicy;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Ack;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Signals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers that go to sleep, and that no wake-up is lost (S1.7, S2.7). */
abstract class S2ParkRules extends Rules {
  private final Ears ears = new Ears();
  private Signals.@Nullable Registration registration;

  /** Looks for one job of the queue and counts as sleeping when there is none. */
  static Exchange park(Rig rig, String queue) {
    return rig.exchange(List.of(), parking(rig.main(), queue));
  }

  /** A request for one job of each queue that goes to sleep when one is missing. */
  static DequeueRequest parking(Rig.Client client, String... queues) {
    List<Demand> demands = Stream.of(queues).map(queue -> new Demand(queue, 1)).toList();
    DequeueRequest plain = client.request(demands, queues.length);
    return new DequeueRequest(
        plain.owner(),
        plain.nonce(),
        plain.expiresAt(),
        plain.demands(),
        plain.total(),
        plain.maxBytes(),
        true,
        0);
  }

  @BeforeEach
  final void listen() {
    rig().needs(Signals.class);
    registration = rig().capability(Signals.class).listen(ears);
  }

  @AfterEach
  final void stopListening() {
    if (registration != null) {
      registration.close();
    }
  }

  private void asleep(String queue) {
    assertThat(park(rig(), queue).jobs()).isEmpty();
  }

  @Test
  void s1_7_aSleeperIsWokenByAnEnqueue() {
    asleep(Rig.QUEUE);
    rig().enqueued(rig().job());
    ears.work(Rig.QUEUE);
    assertThat(rig().dequeue(5)).hasSize(1);
  }

  @Test
  void s1_7_nobodyIsWokenWhereNobodySleeps() {
    rig().enqueue(rig().job("busy"), rig().job("busy"));
    asleep(Rig.QUEUE);
    rig().enqueued(rig().job("busy"));
    rig().enqueued(rig().job());
    ears.work(Rig.QUEUE);
    assertThat(ears.workQueues()).doesNotContain("busy");
  }

  @Test
  void s2_7_aSleeperHearsOfAScheduledJob() {
    asleep(Rig.QUEUE);
    Instant due = rig().now().plusSeconds(60);
    rig().enqueued(rig().job(job -> job.runAt(due)));
    Instant heard = ears.work(Rig.QUEUE).due();
    assertThat(heard == null || !heard.isAfter(due)).as("due " + heard).isTrue();
  }

  @Test
  void s2_7_aSleeperHearsOfReturningJobs() {
    whileHeld(held -> rig().retry(held, rig().now()));
    whileHeld(held -> rig().release(held));
  }

  private void whileHeld(Consumer<LeasedJob> comesBack) {
    rig().enqueued(rig().job());
    LeasedJob held = rig().dequeueOne();
    asleep(Rig.QUEUE);
    comesBack.accept(held);
    ears.work(Rig.QUEUE);
    assertThat(rig().complete(rig().dequeueOne()).isApplied()).isTrue();
  }

  @Test
  void s2_7_aSleeperHearsOfReclaimedJobs() {
    rig().enqueued(rig().job());
    rig().dequeueOne();
    asleep(Rig.QUEUE);
    assertThat(new Stage(rig()).crash().reclaimed()).hasSize(1);
    ears.work(Rig.QUEUE);
  }

  @Test
  void s2_7_aSleeperHearsOfJobsWhoseDependenciesEnded() {
    NewJob first = rig().enqueued(rig().job("first"));
    NewJob second =
        rig().enqueued(rig().job(job -> job.dependencies(Dependencies.on(List.of(first.id())))));
    asleep(Rig.QUEUE);
    rig().complete(rig().dequeue("first", 1).get(0));
    rig().maintainAll();
    ears.work(Rig.QUEUE);
    assertThat(rig().state(second.id())).isEqualTo(JobState.READY);
  }

  @Test
  void s2_7_aSleeperHearsOfFollowUpJobs() {
    rig().enqueued(rig().job("first"));
    LeasedJob held = rig().dequeue("first", 1).get(0);
    asleep(Rig.QUEUE);
    rig().ack(new Ack.Completed(held.lease(), null, null, List.of(rig().job())));
    ears.work(Rig.QUEUE);
  }

  @Test
  void s2_7_aSleeperHearsOfASlotThatIsFree() {
    QueuePolicy one = QueuePolicy.UNLIMITED.withDefaults(GroupPolicy.UNLIMITED.withMaxRunning(1));
    admin().setPolicy(Rig.QUEUE, one, rig().now());
    rig().enqueue(rig().job(job -> job.group("g")), rig().job(job -> job.group("g")));
    LeasedJob held = rig().dequeueOne();
    asleep(Rig.QUEUE);
    rig().complete(held);
    ears.work(Rig.QUEUE);
    assertThat(rig().dequeue(5)).hasSize(1);
  }

  @Test
  void s2_7_manyExpiredJobsDoNotHideWork() {
    Instant deadline = rig().now().plusSeconds(1);
    enqueueAll(2_500, job -> job.deadline(deadline));
    NewJob good = rig().enqueued(rig().job());
    rig().time.advance(Duration.ofSeconds(2));
    assertThat(leasedIds(lookUntilThereIsWork())).containsExactly(good.id());
  }

  @Test
  void s2_7_manyDueJobsThatMustWaitDoNotHideWork() {
    QueuePolicy one = QueuePolicy.UNLIMITED.withDefaults(GroupPolicy.UNLIMITED.withMaxRunning(1));
    admin().setPolicy(Rig.QUEUE, one, rig().now());
    rig().enqueued(rig().job(job -> job.group("full")));
    rig().dequeueOne();
    Instant due = rig().now().plusSeconds(1);
    enqueueAll(2_500, job -> job.group("full").runAt(due));
    NewJob free = rig().enqueued(rig().job(job -> job.group("free").runAt(due.plusMillis(1))));
    rig().time.advance(Duration.ofSeconds(2));
    assertThat(leasedIds(lookUntilThereIsWork())).containsExactly(free.id());
  }

  private void enqueueAll(int count, UnaryOperator<NewJob.Builder> options) {
    List<NewJob> jobs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      jobs.add(rig().job(options));
    }
    rig().enqueue(jobs);
  }

  /** Looks as a worker does: again only when it was told that there may be something. */
  private List<LeasedJob> lookUntilThereIsWork() {
    for (int looks = 0; looks < 20; looks++) {
      Exchange look = park(rig(), Rig.QUEUE);
      if (!look.jobs().isEmpty()) {
        return look.jobs();
      }
      Instant next = look.nextDue();
      if (next == null || next.isAfter(rig().now())) {
        ears.work(Rig.QUEUE);
      }
    }
    return List.of();
  }

  @Test
  void s2_7_aSleeperHearsOfWorkFromAnotherStorage() {
    rig().needsSharing();
    JobStorage second = rig().openAgain();
    asleep(Rig.QUEUE);
    rig().client(second).enqueue(rig().jobs(1));
    ears.work(Rig.QUEUE);
  }

  @Test
  void s2_7_aCallerThatGotAllItAskedForDoesNotSleep() {
    rig().enqueue(rig().jobs(2));
    assertThat(park(rig(), Rig.QUEUE).jobs()).hasSize(1);
    rig().enqueue(rig().jobs(1));
    asleep("other");
    rig().enqueued(rig().job("other"));
    ears.work("other");
    assertThat(ears.workQueues()).doesNotContain(Rig.QUEUE);
  }

  @Test
  void s2_7_noWakeUpIsLostInARace() {
    int rounds = 60;
    Crew.run(
        2,
        number ->
            () -> {
              Rig.Client client = rig().client();
              for (int round = 0; round < rounds; round++) {
                String queue = "round-" + round;
                if (number == 0) {
                  client.enqueue(List.of(rig().job(queue)));
                } else if (client.exchange(List.of(), parking(client, queue)).jobs().isEmpty()) {
                  ears.work(queue);
                  assertThat(client.dequeue(queue, 1)).hasSize(1);
                }
              }
              return number;
            });
  }
}
