package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Brings jobs to where a test wants them. */
final class Stage {
  static final Retention KEPT = new Retention(Duration.ofHours(1), Duration.ofHours(1));
  static final Bytes RESULT = Bytes.utf8("result");
  private static final int QUIET_AFTER = 2_000;

  private final Rig rig;

  Stage(Rig rig) {
    this.rig = rig;
  }

  /** A job of {@link Rig#QUEUE} in this state, kept for an hour when finished. */
  NewJob in(JobState state) {
    return in(state, job -> job);
  }

  /** A job with changes in this state; it jumps the line when it has to be leased for it. */
  NewJob in(JobState state, UnaryOperator<NewJob.Builder> change) {
    return switch (state) {
      case BLOCKED -> blocked(change);
      case SCHEDULED -> enqueued(change, job -> job.runAt(rig.now().plusSeconds(3600)));
      case READY -> enqueued(change, job -> job);
      case RUNNING, COMPLETED, DEAD, CANCELLED -> started(state, change);
    };
  }

  private NewJob blocked(UnaryOperator<NewJob.Builder> change) {
    JobId first = dependency().id();
    return enqueued(change, job -> job.dependencies(Dependencies.on(List.of(first))));
  }

  /** A job in another queue that will not end by itself. */
  NewJob dependency() {
    return rig.enqueued(
        rig.job(job -> job.queue("elsewhere").runAt(rig.now().plus(Duration.ofDays(300)))));
  }

  private NewJob started(JobState state, UnaryOperator<NewJob.Builder> change) {
    NewJob job = enqueued(change, builder -> builder.priority(100));
    LeasedJob leased = leased(job);
    switch (state) {
      case COMPLETED -> rig.ack(new Ack.Completed(leased.lease(), RESULT, null, List.of()));
      case DEAD -> rig.ack(new Ack.Dead(leased.lease(), Rig.error("staged")));
      case CANCELLED -> rig.ack(new Ack.Cancelled(leased.lease(), "staged"));
      default -> {}
    }
    assertThat(rig.state(job.id())).isEqualTo(state);
    return job;
  }

  private NewJob enqueued(
      UnaryOperator<NewJob.Builder> change, UnaryOperator<NewJob.Builder> need) {
    return rig.enqueued(rig.job(job -> need.apply(change.apply(job.retention(KEPT)))));
  }

  /** Leases this job, which must be the first of its line. */
  LeasedJob leased(NewJob job) {
    List<LeasedJob> jobs = rig.dequeue(job.queue(), 1);
    assertThat(jobs).extracting(LeasedJob::id).containsExactly(job.id());
    return jobs.get(0);
  }

  /** Marks a lease as started. */
  void start(LeasedJob job) {
    extend(List.of(new LeaseUse(job.lease(), true)));
  }

  private void extend(List<LeaseUse> uses) {
    rig.storage().extend(uses, rig.now().plus(Rig.LEASE), rig.now());
  }

  /** Lets all leases expire and takes them back. */
  Maintained crash() {
    rig.time.advance(Rig.LEASE.plusMillis(1));
    return rig.maintain();
  }

  /** Maintains until a call finds nothing to do: chains of dependents need several. */
  List<Maintained> settle() {
    List<Maintained> calls = new ArrayList<>();
    for (int i = 0; i < QUIET_AFTER; i++) {
      Maintained one = rig.maintain();
      calls.add(one);
      if (!one.more() && touched(one) == 0) {
        return calls;
      }
    }
    throw new AssertionError("maintain still finds something after " + QUIET_AFTER + " calls");
  }

  /** How many jobs a maintain call touched. */
  static int touched(Maintained call) {
    return call.reclaimed().size()
        + call.ended().size()
        + call.released().size()
        + call.purged().size();
  }
}
