package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.EndedJob;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Signals;
import dev.noria.storage.Signals.Registration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who hears what (C5.1, C5.2). */
abstract class C5SignalsRules extends CapabilityRules<Signals> {
  private Ears ears = new Ears();

  C5SignalsRules() {
    super(Signals.class);
  }

  @BeforeEach
  final void listen() {
    if (rig().declares(Signals.class)) {
      ears = new Ears();
      capability().listen(ears);
    }
  }

  private LeasedJob leased(boolean awaited) {
    rig().enqueued(rig().job(job -> job.awaited(awaited).retention(Stage.KEPT)));
    return rig().dequeueOne();
  }

  /** Waits until whatever was signalled before has had every chance to arrive. */
  private void fence() {
    LeasedJob last = leased(true);
    rig().complete(last);
    assertThat(ears.finished(last.id())).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void c5_1_theEndOfAnAwaitedJobIsHeard() {
    LeasedJob completed = leased(true);
    rig().complete(completed);
    assertThat(ears.finished(completed.id())).isEqualTo(JobState.COMPLETED);
    LeasedJob dead = leased(true);
    rig().ack(new Ack.Dead(dead.lease(), Rig.error("x")));
    assertThat(ears.finished(dead.id())).isEqualTo(JobState.DEAD);
    LeasedJob cancelled = leased(true);
    rig().ack(new Ack.Cancelled(cancelled.lease(), "stop"));
    assertThat(ears.finished(cancelled.id())).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void c5_1_theEndOfAnAwaitedJobThatVanishesIsHeard() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.awaited(true)));
    rig().complete(rig().dequeueOne());
    assertThat(ears.finished(job.id())).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void c5_1_eachEndOfABatchIsHeard() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      jobs.add(rig().job(job -> job.awaited(true)));
    }
    rig().enqueue(jobs);
    List<Ack> acks = new ArrayList<>();
    rig().dequeue(200).forEach(job -> acks.add(new Ack.Completed(job.lease())));
    rig().client().ack(acks);
    Set<JobId> missing = new HashSet<>(idsOf(jobs));
    while (!missing.isEmpty()) {
      ears.finished(missing.iterator().next());
      missing.removeAll(new HashSet<>(ears.finishedJobs()));
    }
    assertThat(ears.finishedJobs()).containsAll(idsOf(jobs));
  }

  @Test
  void c5_1_anAwaitedJobThatMaintainEndsIsHeard() {
    NewJob expired =
        rig().enqueued(rig().job(job -> job.awaited(true).deadline(rig().now().plusSeconds(1))));
    rig().time.advance(Rig.LEASE);
    assertThat(rig().maintain().ended()).extracting(EndedJob::reason).contains(Reasons.EXPIRED);
    assertThat(ears.finished(expired.id())).isEqualTo(JobState.DEAD);
  }

  @Test
  void c5_1_anAwaitedJobThatAnOperatorEndsIsHeard() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.awaited(true)));
    admin().cancel(List.of(job.id()), rig().now());
    assertThat(ears.finished(job.id())).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void c5_1_attemptsThatDoNotEndTheJobAreNoEnds() {
    LeasedJob job = leased(true);
    rig().ack(new Ack.Retry(job.lease(), rig().now(), Rig.error("x")));
    rig().ack(new Ack.Released(rig().dequeueOne().lease(), rig().now().plusSeconds(5), null));
    fence();
    assertThat(ears.finishedJobs()).doesNotContain(job.id());
  }

  @Test
  void c5_1_theEndOfAJobThatNobodyAwaitsIsNotSignalled() {
    LeasedJob quiet = leased(false);
    rig().complete(quiet);
    fence();
    assertThat(ears.finishedJobs()).doesNotContain(quiet.id());
  }

  @Test
  void c5_2_awaitAsksForTheEndOfAnyJob() {
    LeasedJob job = leased(false);
    LeasedJob other = leased(false);
    Registration registration = capability().await(Set.of(job.id(), rig().id()));
    rig().complete(other);
    rig().complete(job);
    assertThat(ears.finished(job.id())).isEqualTo(JobState.COMPLETED);
    assertThat(ears.finishedJobs()).doesNotContain(other.id());
    registration.close();
  }

  @Test
  void c5_2_afterCloseNobodyWaits() {
    LeasedJob job = leased(false);
    Registration registration = capability().await(Set.of(job.id()));
    registration.close();
    registration.close();
    rig().complete(job);
    fence();
    assertThat(ears.finishedJobs()).doesNotContain(job.id());
  }

  @Test
  void c5_2_oneOfTwoWaitersMayLeave() {
    LeasedJob job = leased(false);
    Registration first = capability().await(Set.of(job.id()));
    Registration second = capability().await(Set.of(job.id()));
    first.close();
    rig().complete(job);
    assertThat(ears.finished(job.id())).isEqualTo(JobState.COMPLETED);
    second.close();
  }

  @Test
  void c5_1_aRequestedCancelIsHeard() {
    LeasedJob job = leased(false);
    admin().cancel(List.of(job.id()), rig().now());
    ears.cancelled(job.id());
  }

  @Test
  void c5_1_everyListenerHears() {
    Ears second = new Ears();
    capability().listen(second);
    LeasedJob job = leased(true);
    rig().complete(job);
    assertThat(ears.finished(job.id())).isEqualTo(JobState.COMPLETED);
    assertThat(second.finished(job.id())).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void c5_1_aClosedListenerHearsNothing() {
    Ears closed = new Ears();
    Registration registration = capability().listen(closed);
    LeasedJob before = leased(true);
    rig().complete(before);
    closed.finished(before.id());
    registration.close();
    registration.close();
    LeasedJob after = leased(true);
    rig().complete(after);
    assertThat(ears.finished(after.id())).isEqualTo(JobState.COMPLETED);
    fence();
    assertThat(closed.finishedJobs()).doesNotContain(after.id());
  }

  @Test
  void c5_1_aListenerMayCallTheStorage() {
    Ears deep = new Ears();
    Rig.Client client = rig().client();
    capability().listen(new Looking(deep));
    LeasedJob job = leased(true);
    client.ack(new Ack.Completed(job.lease()));
    assertThat(deep.finished(job.id())).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void c5_endsAreHeardInAnotherStorage() {
    rig().needsSharing();
    Signals other = rig().openAgain().capability(Signals.class).orElseThrow();
    Ears far = new Ears();
    other.listen(far);
    LeasedJob awaited = leased(true);
    rig().complete(awaited);
    assertThat(far.finished(awaited.id())).isEqualTo(JobState.COMPLETED);
    LeasedJob asked = leased(false);
    Registration registration = other.await(Set.of(asked.id()));
    rig().ack(new Ack.Dead(asked.lease(), Rig.error("x")));
    assertThat(far.finished(asked.id())).isEqualTo(JobState.DEAD);
    registration.close();
  }

  @Test
  void c5_aRequestedCancelIsHeardInAnotherStorage() {
    rig().needsSharing();
    rig().needs(Administration.class);
    JobStorage second = rig().openAgain();
    LeasedJob job = leased(false);
    second.capability(Administration.class).orElseThrow().cancel(List.of(job.id()), rig().now());
    ears.cancelled(job.id());
  }

  /** A listener that looks the finished job up before it passes the word on. */
  private final class Looking implements Signals.Listener {
    private final Ears ears;

    Looking(Ears ears) {
      this.ears = ears;
    }

    @Override
    public void workReady(String queue, @Nullable Instant due) {
      ears.workReady(queue, due);
    }

    @Override
    public void jobFinished(JobId id, JobState state) {
      ears.jobFinished(id, rig().state(id));
    }

    @Override
    public void cancelRequested(JobId id) {
      ears.cancelRequested(id);
    }
  }
}
