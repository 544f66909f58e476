package dev.noria.engine;

import static dev.noria.engine.Fixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.GroupPolicy;
import dev.noria.job.GroupPolicy.StartRate;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Ack;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing of a job stays behind when it is gone. */
class FlatMemoryTest {
  private final Fixture fixture = new Fixture();
  private final EngineStorage storage = fixture.storage;
  private final World world = fixture.replica.read(any -> any);

  private void runJobsOfManyNames(int count) {
    for (int i = 0; i < count; i++) {
      run("n" + i, i % 2 == 0 ? "q" : "n" + i);
    }
  }

  private void run(String name, String queue) {
    JobKey key = new JobKey(name, KeyPolicy.whileUnfinished());
    NewJob made = fixture.job(job -> job.queue(queue).group(name).key(key));
    storage.enqueue(fixture.call(), List.of(made), NOW);
    DequeueRequest one = Fixture.request(1, false).withDemands(List.of(new Demand(queue, 1)), 1);
    Exchange taken = storage.exchange(fixture.call(), List.of(), one, NOW);
    assertThat(taken.jobs()).hasSize(1);
    Ack done = new Ack.Completed(taken.jobs().get(0).lease());
    DequeueRequest nothing = DequeueRequest.nothing("", 0, NOW);
    storage.exchange(fixture.call(), List.of(done), nothing, NOW);
  }

  @Test
  void finishedJobs_leaveNoQueueGroupOrKeyBehind() {
    runJobsOfManyNames(500);
    while (storage.maintain(100, NOW).more()) {
      assertThat(world.jobs.size()).isZero();
    }
    assertThat(world.jobs.size()).isZero();
    assertThat(world.keys.size()).isZero();
    assertThat(world.queues).isEmpty();
  }

  @Test
  void groupsWithAStartRate_areForgottenWhenTheirBucketIsFull() {
    StartRate rate = new StartRate(1, Duration.ofSeconds(1), 1);
    QueuePolicy policy =
        QueuePolicy.UNLIMITED.withDefaults(GroupPolicy.UNLIMITED.withStartRate(rate));
    NamedQueue queue = world.queue("q");
    queue.use(policy, Fixture.MILLIS);
    runJobsOfManyNames(50);
    storage.maintain(1_000, NOW);
    assertThat(queue.hasIdleLines()).isTrue();
    storage.maintain(1_000, NOW.plusSeconds(1));
    assertThat(queue.hasIdleLines()).isFalse();
  }

  @Test
  void silentClients_areForgottenAfterADay() {
    runJobsOfManyNames(1);
    assertThat(world.calls.size()).isEqualTo(1);
    storage.maintain(10, NOW.plus(Duration.ofHours(23)));
    assertThat(world.calls.size()).isEqualTo(1);
    storage.maintain(10, NOW.plus(Duration.ofHours(24)));
    assertThat(world.calls.size()).isZero();
  }
}
