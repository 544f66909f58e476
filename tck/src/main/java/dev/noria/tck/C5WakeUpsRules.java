package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.EndedJob;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Signals;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Wake-ups of sleepers by other hands than an enqueue's, and races with the park (C5.1, S2.7). */
abstract class C5WakeUpsRules extends CapabilityRules<Signals> {
  private Ears ears = new Ears();

  C5WakeUpsRules() {
    super(Signals.class);
  }

  @BeforeEach
  final void listen() {
    if (rig().declares(Signals.class)) {
      ears = new Ears();
      capability().listen(ears);
    }
  }

  /** A look at these queues for one job that goes to sleep when there is none. */
  private static List<LeasedJob> park(Rig.Client client, String... queues) {
    List<Demand> demands = Arrays.stream(queues).map(queue -> new Demand(queue, 1)).toList();
    DequeueRequest plain = client.request(demands, 1);
    DequeueRequest parking =
        new DequeueRequest(
            plain.owner(),
            plain.nonce(),
            plain.expiresAt(),
            demands,
            1,
            plain.maxBytes(),
            true,
            plain.policyVersion());
    return client.exchange(List.of(), parking).jobs();
  }

  private void asleep(String... queues) {
    assertThat(park(rig().client(), queues)).isEmpty();
  }

  @Test
  void c5_1_aResumeWakes() {
    admin().pause(Rig.QUEUE, rig().now());
    rig().enqueued(rig().job());
    asleep(Rig.QUEUE);
    admin().resume(Rig.QUEUE, rig().now());
    ears.work(Rig.QUEUE);
    assertThat(rig().dequeue(1)).hasSize(1);
  }

  @Test
  void c5_1_aJobThatIsBroughtForwardWakes() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.runAt(rig().now().plus(HOUR))));
    asleep(Rig.QUEUE);
    admin().reschedule(List.of(job.id()), rig().now(), rig().now());
    ears.work(Rig.QUEUE);
    assertThat(rig().dequeue(1)).hasSize(1);
  }

  @Test
  void c5_1_aJobThatIsDueSoonerThanTheSleeperKnowsWakes() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.runAt(rig().now().plus(HOUR))));
    asleep(Rig.QUEUE);
    Instant sooner = rig().now().plusSeconds(60);
    admin().reschedule(List.of(job.id()), sooner, rig().now());
    Instant heard = ears.work(Rig.QUEUE).due();
    assertThat(heard == null || !heard.isAfter(sooner)).as("due " + heard).isTrue();
  }

  @Test
  void c5_1_aSlotOfALimitThatAJobOfADeadWorkerFreesWakes() {
    admin().setPolicy(Rig.QUEUE, QueuePolicy.UNLIMITED.withMaxRunning(1), rig().now());
    NewJob running = rig().enqueued(rig().job());
    rig().dequeueOne();
    NewJob waiting = rig().enqueued(rig().job());
    asleep(Rig.QUEUE);
    admin().cancel(List.of(running.id()), rig().now());
    rig().time.advance(HOUR);
    assertThat(rig().maintain().ended()).extracting(EndedJob::id).containsExactly(running.id());
    ears.work(Rig.QUEUE);
    assertThat(rig().dequeueOne().id()).isEqualTo(waiting.id());
  }

  @Test
  void c5_1_aLaterRetryIsHeardOfInTime() {
    rig().enqueued(rig().job());
    LeasedJob held = rig().dequeueOne();
    asleep(Rig.QUEUE);
    Instant due = rig().now().plusSeconds(20);
    rig().ack(new Ack.Retry(held.lease(), due, Rig.error("x")));
    Instant heard = ears.work(Rig.QUEUE).due();
    assertThat(heard == null || !heard.isAfter(due)).as("due " + heard).isTrue();
  }

  @Test
  void c5_1_aReplayWakes() {
    Administration admin = admin();
    NewJob job = new Stage(rig()).in(JobState.DEAD);
    asleep(Rig.QUEUE);
    admin.replay(List.of(job.id()), rig().now());
    ears.work(Rig.QUEUE);
    assertThat(rig().dequeue(1)).hasSize(1);
  }

  @Test
  void c5_1_aSleeperOfSeveralQueuesIsWokenByEach() {
    for (String queue : List.of("a", "b", "c")) {
      asleep("a", "b", "c");
      rig().enqueued(rig().job(queue));
      ears.work(queue);
      assertThat(rig().dequeue(queue, 2)).hasSize(1);
    }
  }

  @Test
  void c5_1_aBusySystemSendsNoSignals() {
    for (int i = 0; i < 50; i++) {
      rig().enqueue(rig().job("busy"), rig().job("busy"));
      for (LeasedJob job : rig().dequeue("busy", 1)) {
        rig().complete(job);
      }
    }
    asleep("last");
    rig().enqueued(rig().job("last"));
    ears.work("last");
    assertThat(ears.workQueues()).containsOnly("last");
  }

  @Test
  void c5_1_noWakeUpIsLostInFiveHundredRaces() {
    race(rig().storage(), 500);
  }

  @Test
  void c5_1_noWakeUpIsLostBetweenTwoStorages() {
    rig().needsSharing();
    race(rig().openAgain(), 100);
  }

  /** One parks, the other enqueues at the same moment; the job is taken, or word of it is heard. */
  private void race(JobStorage enqueuer, int rounds) {
    Rig.Client sleeper = rig().client();
    Rig.Client other = rig().client(enqueuer);
    for (int round = 0; round < rounds; round++) {
      // a queue of its own per round: a late signal of an earlier one cannot be taken for this one
      String queue = "race-" + round;
      NewJob job = rig().job(queue);
      List<Callable<Integer>> both =
          List.of(() -> park(sleeper, queue).size(), () -> other.enqueue(List.of(job)).size());
      int taken = Crew.run(both).get(0);
      if (taken == 0) {
        ears.work(queue);
        assertThat(sleeper.dequeue(queue, 2)).extracting(LeasedJob::id).containsExactly(job.id());
      }
    }
  }
}
