package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Notes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reading jobs back (S6). */
abstract class S6FindRules extends Rules {

  private StoredJob find(JobId id, Set<Part> parts) {
    List<StoredJob> found = rig().storage().find(List.of(id), parts);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** A job with payload, result, history and, where there are notes, progress. */
  private JobId fullJob() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.retention(Stage.KEPT)));
    LeasedJob first = rig().dequeueOne();
    rig().ack(new Ack.Retry(first.lease(), rig().now(), Rig.error("first")));
    LeasedJob second = rig().dequeueOne();
    if (rig().declares(Notes.class)) {
      rig()
          .capability(Notes.class)
          .progress(second.lease(), new JobNotes.Progress(50, Bytes.utf8("half")));
    }
    rig().ack(new Ack.Completed(second.lease(), Stage.RESULT, null, List.of()));
    return job.id();
  }

  @Test
  void s6_whatWasEnqueuedComesBack() {
    NewJob dependency = rig().enqueued(rig().job(job -> job.queue("elsewhere")));
    Instant now = rig().now();
    NewJob job =
        rig()
            .enqueued(
                rig()
                    .job(
                        builder ->
                            builder
                                .type("mail.send")
                                .payload(Bytes.copyOf(new byte[] {0, -1, 7}))
                                .header("tenant", "größer")
                                .header("trace", "")
                                .runAt(now.plusSeconds(60))
                                .priority(-7)
                                .lifo(true)
                                .group("g")
                                .limitKey("l")
                                .key(new JobKey("k", KeyPolicy.forWindow(Duration.ofDays(2))))
                                .dependencies(
                                    Dependencies.on(List.of(dependency.id()))
                                        .onFailure(Dependencies.OnFailure.HOLD)
                                        .onMissing(Dependencies.OnMissing.COUNT_AS_DONE))
                                .maxAttempts(9)
                                .timeout(Duration.ofSeconds(5))
                                .deadline(now.plusSeconds(900))
                                .retention(Stage.KEPT)
                                .awaited(true)));
    assertThat(rig().stored(job.id()).job()).isEqualTo(job);
    assertThat(find(job.id(), Set.of()).job()).isEqualTo(job.withPayload(Bytes.EMPTY));
  }

  @Test
  void s6_aPlainJobComesBackAsItWasAskedFor() {
    NewJob job = rig().enqueued(rig().job());
    StoredJob stored = rig().stored(job.id());
    assertThat(stored.job()).isEqualTo(job);
    assertThat(stored.status())
        .isEqualTo(
            new JobStatus(
                JobState.READY,
                rig().now(),
                rig().now(),
                null,
                0,
                0,
                0,
                0,
                null,
                false,
                null,
                null));
    assertThat(stored.result()).isNull();
    assertThat(stored.history()).isEmpty();
    assertThat(stored.notes()).isEqualTo(JobNotes.NONE);
  }

  @Test
  void s6_aRunningJobSaysWhoHasItAndUntilWhen() {
    NewJob job = rig().enqueued(rig().job());
    Rig.Client client = rig().client();
    LeasedJob leased = client.dequeue(Rig.QUEUE, 1).get(0);
    JobStatus status = rig().stored(job.id()).status();
    assertThat(status.state()).isEqualTo(JobState.RUNNING);
    assertThat(status.owner()).isEqualTo(client.request(Rig.QUEUE, 1).owner());
    assertThat(status.leaseExpiresAt()).isEqualTo(rig().now().plus(Rig.LEASE));
    assertThat(status.epoch()).isEqualTo(leased.lease().epoch());
    assertThat(status.attempt()).isEqualTo(1);
  }

  @Test
  void s6_aScheduledJobSaysWhenItIsDue() {
    Instant due = rig().now().plusSeconds(77);
    NewJob job = rig().enqueued(rig().job(builder -> builder.runAt(due)));
    JobStatus status = rig().stored(job.id()).status();
    assertThat(status.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(status.dueAt()).isEqualTo(due);
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "DEAD", "CANCELLED"})
  void s6_aFinishedJobSaysSinceWhen(JobState state) {
    NewJob job = new Stage(rig()).in(state);
    Instant end = rig().now();
    rig().time.advance(Duration.ofSeconds(10));
    JobStatus status = rig().stored(job.id()).status();
    assertThat(status.finishedAt()).isEqualTo(end);
    assertThat(status.owner()).isNull();
    assertThat(status.leaseExpiresAt()).isNull();
  }

  @Test
  void s6_withoutPartsOnlyTheStateIsRead() {
    StoredJob job = find(fullJob(), Set.of());
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.job().payload()).isEqualTo(Bytes.EMPTY);
    assertThat(job.result()).isNull();
    assertThat(job.history()).isEmpty();
    assertThat(job.notes()).isEqualTo(JobNotes.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void s6_aPartIsReadWhenAskedForAndNoOther(Part part) {
    boolean notes = rig().declares(Notes.class);
    StoredJob job = find(fullJob(), EnumSet.of(part));
    assertThat(job.job().payload().isEmpty()).isEqualTo(part != Part.PAYLOAD);
    assertThat(job.result()).isEqualTo(part == Part.RESULT ? Stage.RESULT : null);
    assertThat(job.history()).hasSize(part == Part.HISTORY ? 1 : 0);
    assertThat(job.notes().progress() != null).isEqualTo(part == Part.NOTES && notes);
  }

  @Test
  void s6_historySaysWhatFailedWhereAndWhen() {
    NewJob job = rig().enqueued(rig().job());
    Instant start = rig().now();
    Rig.Client client = rig().client();
    LeasedJob leased = client.dequeue(Rig.QUEUE, 1).get(0);
    Instant end = rig().time.advance(Duration.ofSeconds(3));
    client.ack(new Ack.Retry(leased.lease(), end, Rig.error("no")));
    String worker = client.request(Rig.QUEUE, 1).owner();
    assertThat(find(job.id(), EnumSet.of(Part.HISTORY)).history())
        .containsExactly(new FailedAttempt(0, 1, Rig.error("no"), worker, start, end));
  }

  @Test
  void s6_missingIdsAreLeftOut() {
    NewJob one = rig().enqueued(rig().job());
    NewJob two = rig().enqueued(rig().job());
    List<JobId> ids = List.of(rig().id(), one.id(), rig().id(), two.id(), rig().id());
    assertThat(rig().storage().find(ids, Set.of()))
        .extracting(StoredJob::id)
        .containsExactly(one.id(), two.id());
    assertThat(rig().storage().find(List.of(rig().id()), Set.of())).isEmpty();
    assertThat(rig().storage().find(List.of(), EnumSet.allOf(Part.class))).isEmpty();
  }

  @Test
  void s6_aThousandIdsComeBackInTheOrderOfTheQuestion() {
    List<NewJob> jobs = rig().jobs(1_000);
    rig().enqueue(jobs);
    List<JobId> ids = new ArrayList<>(jobs.stream().map(NewJob::id).toList());
    for (List<JobId> order : List.of(ids, reversed(ids), interleaved(ids))) {
      List<StoredJob> found = rig().storage().find(order, EnumSet.of(Part.PAYLOAD));
      assertThat(found).extracting(StoredJob::id).containsExactlyElementsOf(order);
    }
  }

  private static List<JobId> reversed(List<JobId> ids) {
    List<JobId> copy = new ArrayList<>(ids);
    Collections.reverse(copy);
    return copy;
  }

  private static List<JobId> interleaved(List<JobId> ids) {
    List<JobId> mixed = new ArrayList<>();
    for (int step = 0; step < 7; step++) {
      for (int i = step; i < ids.size(); i += 7) {
        mixed.add(ids.get(i));
      }
    }
    return mixed;
  }

  @Test
  void s6_jobsOfAllStatesAndQueuesAreFoundTogether() {
    Stage stage = new Stage(rig());
    List<JobId> ids = new ArrayList<>();
    for (JobState state : JobState.values()) {
      ids.add(stage.in(state, job -> job.queue("q-" + state)).id());
    }
    assertThat(rig().storage().find(ids, Set.of()))
        .extracting(StoredJob::state)
        .containsExactly(JobState.values());
  }

  @Test
  void s6_anotherStorageOverThePlaceFindsTheSame() {
    rig().needsSharing();
    JobId id = fullJob();
    assertThat(rig().openAgain().find(List.of(id), EnumSet.allOf(Part.class)))
        .containsExactly(rig().stored(id));
  }
}
