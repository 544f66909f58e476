package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.Exchange;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Signals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Jobs that an ack brings along, and who hears of an end (S3.1, S3.8). */
abstract class S3FollowUpsRules extends Rules {

  private LeasedJob leased() {
    rig().enqueued(rig().job(job -> job.queue("first").retention(Stage.KEPT)));
    return rig().dequeue("first", 1).get(0);
  }

  private Ack completed(LeasedJob held, NewJob... followUps) {
    return new Ack.Completed(held.lease(), null, null, List.of(followUps));
  }

  private static Ack ending(Ack.Kind kind, Lease lease, List<NewJob> followUps) {
    return switch (kind) {
      case COMPLETED -> new Ack.Completed(lease, null, null, followUps);
      case DEAD -> new Ack.Dead(lease, Rig.error("end"), followUps);
      default -> new Ack.Cancelled(lease, "end", followUps);
    };
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "DEAD", "CANCELLED"})
  void s3_1_followUpJobsAreStoredWithTheAck(Ack.Kind kind) {
    LeasedJob held = leased();
    List<NewJob> jobs = rig().jobs(3);
    assertThat(rig().ack(ending(kind, held.lease(), jobs)).isApplied()).isTrue();
    assertThat(leasedIds(rig().dequeue(10))).containsExactlyElementsOf(idsOf(jobs));
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "DEAD", "CANCELLED"})
  void s3_1_followUpJobsOfAStaleAckAreNotStored(Ack.Kind kind) {
    LeasedJob held = leased();
    rig().complete(held);
    JobKey key = new JobKey("key", KeyPolicy.whileUnfinished());
    NewJob followUp = rig().job(job -> job.key(key));
    assertThat(rig().ack(ending(kind, held.lease(), List.of(followUp))).isApplied()).isFalse();
    assertThat(rig().find(followUp.id())).isEmpty();
    rig().enqueued(rig().job(job -> job.key(key)));
  }

  @Test
  void s3_1_aFollowUpJobHasAllItsFields() {
    LeasedJob held = leased();
    Instant due = rig().now().plusSeconds(60);
    NewJob followUp =
        rig()
            .job(
                job ->
                    job.payload(Bytes.owned(new byte[300]))
                        .header("h", "v")
                        .group("g")
                        .priority(3)
                        .runAt(due)
                        .maxAttempts(2)
                        .key(new JobKey("key", KeyPolicy.whileWaiting())));
    rig().ack(completed(held, followUp));
    assertThat(rig().stored(followUp.id()).job()).isEqualTo(followUp);
    assertThat(rig().state(followUp.id())).isEqualTo(JobState.SCHEDULED);
    assertThat(rig().stored(followUp.id()).status().enqueuedAt()).isEqualTo(rig().now());
  }

  @Test
  void s3_1_aDueFollowUpJobMayComeInTheSameExchange() {
    LeasedJob held = leased();
    NewJob followUp = rig().job();
    Exchange exchange =
        rig().exchange(List.of(completed(held, followUp)), rig().main().request(Rig.QUEUE, 5));
    assertThat(leasedIds(exchange.jobs())).containsExactly(followUp.id());
  }

  @Test
  void s3_1_aFollowUpJobThatMeetsAnIdOrKeyDoesNotStopTheAck() {
    LeasedJob held = leased();
    JobKey key = new JobKey("key", KeyPolicy.whileUnfinished());
    NewJob holder = rig().enqueued(rig().job(job -> job.key(key)));
    NewJob sameKey = rig().job(job -> job.key(key));
    NewJob sameId = holder.withPayload(Bytes.utf8("other"));
    NewJob missing = rig().job(job -> job.dependencies(Dependencies.on(List.of(rig().id()))));
    NewJob fine = rig().job();
    assertThat(rig().ack(completed(held, sameKey, sameId, missing, fine)).isApplied()).isTrue();
    assertThat(rig().state(held.id())).isEqualTo(JobState.COMPLETED);
    List<LeasedJob> jobs = rig().dequeue(10);
    assertThat(leasedIds(jobs)).containsExactly(holder.id(), fine.id());
    assertThat(jobs.get(0).payload()).isEqualTo(holder.payload());
  }

  @Test
  void s3_1_aFollowUpJobMayTakeTheKeyOfTheJobThatEnds() {
    JobKey key = new JobKey("key", KeyPolicy.whileUnfinished());
    rig().enqueued(rig().job(job -> job.key(key)));
    LeasedJob held = rig().dequeueOne();
    NewJob next = rig().job(job -> job.key(key));
    rig().ack(completed(held, next));
    assertThat(leasedIds(rig().dequeue(10))).containsExactly(next.id());
  }

  @Test
  void s3_1_followUpJobsMayDependOnEachOther() {
    LeasedJob held = leased();
    NewJob first = rig().job();
    Dependencies on = Dependencies.on(List.of(first.id()));
    NewJob second = rig().job(job -> job.dependencies(on));
    rig().ack(completed(held, first, second));
    List<LeasedJob> due = rig().dequeue(10);
    assertThat(leasedIds(due)).containsExactly(first.id());
    assertThat(rig().state(second.id())).isEqualTo(JobState.BLOCKED);
    rig().complete(due.get(0));
    rig().maintainAll();
    assertThat(leasedIds(rig().dequeue(10))).containsExactly(second.id());
  }

  @Test
  void s3_1_followUpJobsOfManyAcksAreStoredInOneCall() {
    rig().enqueue(rig().jobs(30));
    List<Ack> acks = new ArrayList<>();
    List<NewJob> followUps = new ArrayList<>();
    for (LeasedJob held : rig().dequeue(30)) {
      NewJob followUp = rig().job();
      followUps.add(followUp);
      acks.add(completed(held, followUp));
    }
    rig().main().ack(acks);
    assertThat(leasedIds(rig().dequeue(100))).containsExactlyElementsOf(idsOf(followUps));
  }

  @Test
  void s3_1_theFollowUpJobsOfTheOnlyAppliedAckAreStored() {
    LeasedJob held = leased();
    List<NewJob> offered = rig().jobs(8);
    List<Boolean> applied =
        Crew.run(
            8,
            number -> () -> rig().client().ack(completed(held, offered.get(number))).isApplied());
    List<LeasedJob> stored = rig().dequeue(10);
    assertThat(stored).hasSize(1);
    assertThat(applied.indexOf(true)).isEqualTo(offered.indexOf(byId(offered, stored.get(0))));
  }

  private static NewJob byId(List<NewJob> jobs, LeasedJob wanted) {
    return jobs.stream().filter(job -> job.id().equals(wanted.id())).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"RETRY", "RELEASED"})
  void s3_8_theEndOfAnAwaitedJobIsSignalled(Ack.Kind kind) {
    rig().needs(Signals.class);
    Ears ears = new Ears();
    Signals.Registration registration = rig().capability(Signals.class).listen(ears);
    NewJob plain = rig().enqueued(rig().job());
    NewJob awaited = rig().enqueued(rig().job(job -> job.awaited(true)));
    NewJob last = rig().enqueued(rig().job(job -> job.awaited(true)));
    List<Ack> acks = new ArrayList<>();
    rig().dequeue(2).forEach(held -> acks.add(ending(kind, held.lease(), List.of())));
    rig().main().ack(acks);
    assertThat(ears.finished(awaited.id()).name()).isEqualTo(kind.name());
    rig().complete(rig().dequeueOne());
    ears.finished(last.id());
    assertThat(ears.finishedJobs()).doesNotContain(plain.id());
    registration.close();
  }

  @Test
  void s3_8_theEndOfAJobWithALiveWaiterIsSignalled() {
    rig().needs(Signals.class);
    Ears ears = new Ears();
    Signals signals = rig().capability(Signals.class);
    Signals.Registration registration = signals.listen(ears);
    NewJob job = rig().enqueued(rig().job());
    Signals.Registration waiter = signals.await(Set.of(job.id()));
    rig().complete(rig().dequeueOne());
    assertThat(ears.finished(job.id())).isEqualTo(JobState.COMPLETED);
    waiter.close();
    registration.close();
  }

  @Test
  void s3_8_whatGoesOnIsNotSignalledAsFinished() {
    rig().needs(Signals.class);
    Ears ears = new Ears();
    Signals.Registration registration = rig().capability(Signals.class).listen(ears);
    NewJob job = rig().enqueued(rig().job(b -> b.awaited(true)));
    rig().retry(rig().dequeueOne(), rig().now());
    rig().release(rig().dequeueOne());
    LeasedJob held = rig().dequeueOne();
    NewJob other = rig().enqueued(rig().job(b -> b.awaited(true)));
    rig().complete(rig().dequeueOne());
    ears.finished(other.id());
    assertThat(ears.finishedJobs()).doesNotContain(job.id());
    rig().complete(held);
    assertThat(ears.finished(job.id())).isEqualTo(JobState.COMPLETED);
    registration.close();
  }
}
