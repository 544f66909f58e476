package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration.ChangeReceipt;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** No edge of the state machine exists but the legal ones (I7). */
abstract class I7StateMachineRules extends Rules {

  /** A step from one state to another. */
  record Edge(JobState from, JobState to) {
    @Override
    public String toString() {
      return from + " to " + to;
    }
  }

  static Stream<Edge> forbidden() {
    return Stream.of(JobState.values())
        .flatMap(
            from ->
                EnumSet.complementOf(EnumSet.copyOf(from.successors())).stream()
                    .filter(to -> to != from)
                    .map(to -> new Edge(from, to)));
  }

  /** A job in this state, far from due where it waits, and the best lease that one could forge. */
  private Lease staged(JobState state) {
    rig().enqueued(rig().job(job -> job.queue("forger")));
    Lease spare = rig().dequeue("forger", 1).get(0).lease();
    NewJob job = new Stage(rig()).in(state, builder -> builder.type("staged"));
    long epoch = rig().stored(job.id()).status().epoch();
    return new Lease(job.id(), epoch, rig().main().nonce, spare.locator());
  }

  /** Everything the public operations offer to bring a job of another state to this one. */
  private void force(JobState to, Lease lease) {
    Instant later = rig().now().plus(HOUR);
    switch (to) {
      case BLOCKED -> enqueueAgain(lease, Dependencies.on(List.of(other())), null);
      case SCHEDULED -> {
        acks(new Ack.Retry(lease, later, Rig.error("forced")));
        acks(new Ack.Released(lease, later, "forced"));
        enqueueAgain(lease, Dependencies.NONE, later);
        refused(admin().reschedule(List.of(lease.id()), later, rig().now()));
      }
      case READY -> throw new AssertionError("every other state leads to READY");
      case RUNNING -> {
        assertThat(leasedIds(rig().dequeue(1_000))).doesNotContain(lease.id());
        List<LeaseUse> use = List.of(new LeaseUse(lease, true));
        assertThat(rig().storage().extend(use, later, rig().now()))
            .extracting(ExtendReceipt::status)
            .containsExactly(ExtendReceipt.Status.LOST);
      }
      case COMPLETED -> acks(new Ack.Completed(lease, Stage.RESULT, HOUR, List.of()));
      case DEAD -> acks(new Ack.Dead(lease, Rig.error("forced")));
      case CANCELLED -> {
        acks(new Ack.Cancelled(lease, "forced"));
        refused(admin().cancel(List.of(lease.id()), rig().now()));
      }
    }
  }

  private JobId other() {
    return new Stage(rig()).dependency().id();
  }

  private void acks(Ack ack) {
    assertThat(rig().ack(ack).isApplied()).as(ack.kind().name()).isFalse();
  }

  private void enqueueAgain(Lease lease, Dependencies on, @Nullable Instant at) {
    NewJob again =
        NewJob.builder(lease.id(), "staged", Rig.QUEUE, Bytes.utf8("forced"))
            .dependencies(on)
            .runAt(at)
            .build();
    assertThat(rig().enqueue(again).get(0).isEnqueued()).isFalse();
  }

  private static void refused(List<ChangeReceipt> receipts) {
    assertThat(receipts)
        .extracting(ChangeReceipt::status)
        .doesNotContain(ChangeStatus.APPLIED, ChangeStatus.REQUESTED);
  }

  @ParameterizedTest
  @MethodSource("forbidden")
  void i7_aForbiddenEdgeIsRefused(Edge edge) {
    admin();
    Lease lease = staged(edge.from());
    StoredJob before = rig().stored(lease.id());
    assertThat(before.state()).isEqualTo(edge.from());
    force(edge.to(), lease);
    rig().maintainAll();
    assertThat(rig().stored(lease.id())).isEqualTo(before);
  }

  @Test
  void i7_everyForbiddenEdgeIsTried() {
    assertThat(forbidden()).hasSize(7 * 6 - (4 + 4 + 4 + 5 + 3));
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "DEAD", "CANCELLED"})
  void i7_aFinishedJobNeverStartsByItself(JobState state) {
    NewJob job = new Stage(rig()).in(state, b -> b.maxAttempts(5));
    for (int i = 0; i < 5; i++) {
      rig().time.advance(SECOND);
      rig().maintainAll();
      assertThat(rig().dequeue(10)).isEmpty();
    }
    assertThat(rig().state(job.id())).isEqualTo(state);
  }

  @ParameterizedTest
  @EnumSource(names = {"BLOCKED", "SCHEDULED", "READY", "RUNNING"})
  void i7_anUnfinishedJobIsNeitherReplayedNorPurged(JobState state) {
    NewJob job = new Stage(rig()).in(state);
    StoredJob before = rig().stored(job.id());
    assertThat(admin().replay(List.of(job.id()), rig().now()))
        .containsExactly(new ChangeReceipt(job.id(), ChangeStatus.NOT_FINISHED));
    Instant future = rig().now().plus(HOUR);
    Set<JobState> all = Set.of(JobState.COMPLETED, JobState.DEAD, JobState.CANCELLED);
    assertThat(admin().purge(null, all, future, 1_000, rig().now())).isZero();
    assertThat(rig().stored(job.id())).isEqualTo(before);
  }

  @Test
  void i7_aRunningJobIsNotDeletedClearedOrDiscarded() {
    NewJob job = new Stage(rig()).in(JobState.RUNNING);
    StoredJob before = rig().stored(job.id());
    assertThat(admin().delete(List.of(job.id()), rig().now()))
        .containsExactly(new ChangeReceipt(job.id(), ChangeStatus.RUNNING));
    assertThat(admin().clear(Rig.QUEUE, 100, rig().now())).isZero();
    assertThat(admin().discardWaiting(Rig.QUEUE, 100, rig().now())).isZero();
    assertThat(rig().stored(job.id())).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(names = {"BLOCKED", "RUNNING", "COMPLETED", "DEAD", "CANCELLED"})
  void i7_onlyReadyAndScheduledJobsAreDiscarded(JobState state) {
    NewJob job = new Stage(rig()).in(state);
    admin().discardWaiting(Rig.QUEUE, 100, rig().now());
    assertThat(rig().state(job.id())).isEqualTo(state);
  }

  @Test
  void i7_aJobEndsOnceInAGenerationWhoeverTries() {
    var admin = admin();
    for (int round = 0; round < 10; round++) {
      NewJob job = rig().enqueued(rig().job(b -> b.retention(Stage.KEPT)));
      List<List<String>> ends =
          Crew.run(
              4,
              number ->
                  () -> {
                    Rig.Client client = rig().client();
                    List<String> mine = new ArrayList<>();
                    if (number == 0) {
                      admin.cancel(List.of(job.id()), rig().now()).stream()
                          .filter(receipt -> receipt.status() == ChangeStatus.APPLIED)
                          .forEach(receipt -> mine.add("cancelled"));
                    } else {
                      for (LeasedJob held : client.dequeue(Rig.QUEUE, 1)) {
                        if (client.ack(new Ack.Completed(held.lease())).isApplied()) {
                          mine.add("completed");
                        }
                      }
                    }
                    return mine;
                  });
      List<String> all = ends.stream().flatMap(List::stream).toList();
      assertThat(all).hasSizeLessThanOrEqualTo(1);
      rig().dequeue(10).forEach(rig()::complete);
      assertThat(rig().state(job.id()).isFinished()).isTrue();
    }
  }
}
