package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Registers;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Namespaces of one place never see each other (S0.9). */
abstract class S0NamespacesRules extends Rules {

  private Rig.Client other() {
    return rig().client(rig().openNamespace("other"));
  }

  @Test
  void s0_9_jobsStayInTheirNamespace() {
    JobStorage second = rig().openNamespace("other");
    NewJob job = rig().enqueued(rig().job());
    assertThat(second.find(List.of(job.id()), Set.of())).isEmpty();
    assertThat(rig().client(second).dequeue(Rig.QUEUE, 10)).isEmpty();
    assertThat(leasedIds(rig().dequeue(10))).containsExactly(job.id());
  }

  @Test
  void s0_9_idsMayRepeatAcrossNamespaces() {
    Rig.Client other = other();
    NewJob job = rig().enqueued(rig().job());
    NewJob twin = job.withPayload(Bytes.utf8("twin"));
    assertThat(other.enqueue(List.of(twin))).allMatch(EnqueueReceipt::isEnqueued);
    LeasedJob mine = rig().dequeueOne();
    LeasedJob theirs = other.dequeue(Rig.QUEUE, 1).get(0);
    assertThat(theirs.payload()).isEqualTo(Bytes.utf8("twin"));
    assertThat(other.ack(new Ack.Completed(theirs.lease())).isApplied()).isTrue();
    assertThat(rig().state(mine.id())).isEqualTo(JobState.RUNNING);
    assertThat(rig().complete(mine).isApplied()).isTrue();
  }

  @Test
  void s0_9_aLeaseMeansNothingElsewhere() {
    Rig.Client other = other();
    NewJob job = rig().enqueued(rig().job());
    LeasedJob mine = rig().dequeueOne();
    assertThat(other.ack(new Ack.Completed(mine.lease())).isApplied()).isFalse();
    assertThat(rig().state(job.id())).isEqualTo(JobState.RUNNING);
  }

  @Test
  void s0_9_keysAreFreeElsewhere() {
    JobKey key = new JobKey("key", KeyPolicy.whileUnfinished());
    rig().enqueued(rig().job(job -> job.key(key)));
    assertThat(other().enqueue(List.of(rig().job(job -> job.key(key)))))
        .allMatch(EnqueueReceipt::isEnqueued);
  }

  @Test
  void s0_9_callIdsAreCountedPerNamespace() {
    CallId call = new CallId(77, 5);
    NewJob job = rig().job();
    JobStorage second = rig().openNamespace("other");
    rig().storage().enqueue(call, List.of(job), rig().now());
    NewJob elsewhere = rig().job();
    assertThat(second.enqueue(new CallId(77, 4), List.of(elsewhere), rig().now()))
        .containsExactly(EnqueueReceipt.enqueued(elsewhere.id()));
  }

  @Test
  void s0_9_pausesAndPoliciesStayInTheirNamespace() {
    Administration mine = admin();
    Rig.Client other = other();
    other.enqueue(rig().jobs(5));
    mine.pause(Rig.QUEUE, rig().now());
    mine.setPolicy(Rig.QUEUE, QueuePolicy.UNLIMITED.withMaxRunning(1), rig().now());
    assertThat(other.dequeue(Rig.QUEUE, 10)).hasSize(5);
  }

  @Test
  void s0_9_maintenanceAndClearingStayInTheirNamespace() {
    Administration mine = admin();
    Rig.Client other = other();
    other.enqueue(rig().jobs(3));
    other.dequeue(Rig.QUEUE, 1);
    rig().time.advance(HOUR);
    assertThat(rig().maintain().reclaimed()).isEmpty();
    mine.clear(Rig.QUEUE, 100, rig().now());
    mine.discardWaiting(Rig.QUEUE, 100, rig().now());
    assertThat(other.dequeue(Rig.QUEUE, 10)).hasSize(2);
  }

  @Test
  void s0_9_registersStayInTheirNamespace() {
    rig().needs(Registers.class);
    Registers mine = rig().capability(Registers.class);
    Registers theirs = rig().openNamespace("other").capability(Registers.class).orElseThrow();
    mine.compareAndSet("name", 0, Bytes.utf8("mine"), null, rig().now());
    assertThat(theirs.get("name", rig().now())).isEmpty();
    assertThat(theirs.list("", null, 10, rig().now())).isEmpty();
  }

  @Test
  void s0_9_namesThatStartAlikeAreDifferentNamespaces() {
    List<String> names =
        List.of("n", "n_", "n_1", "n1", "noria_jobs", "jobs", "_", "0", "z".repeat(40));
    for (String name : names) {
      Rig.Client client = rig().client(rig().openNamespace(name));
      NewJob job = rig().job();
      client.enqueue(List.of(job));
      assertThat(leasedIds(client.dequeue(Rig.QUEUE, 100))).containsExactly(job.id());
    }
    assertThat(rig().dequeue(100)).isEmpty();
  }
}
