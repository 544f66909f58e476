package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Page;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import dev.noria.storage.Notes;
import dev.noria.storage.Transfer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Moving everything that is stored, here from one namespace into another (C9). */
abstract class C9TransferRules extends CapabilityRules<Transfer> {
  private static final JobKey KEY = new JobKey("k", KeyPolicy.whileUnfinished());

  private Stage stage;

  C9TransferRules() {
    super(Transfer.class);
  }

  @BeforeEach
  final void setStage() {
    stage = new Stage(rig());
  }

  private static List<StoredJob> export(Transfer from, int limit) {
    List<StoredJob> jobs = new ArrayList<>();
    String cursor = null;
    do {
      Page<StoredJob> page = from.export(cursor, limit);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      jobs.addAll(page.items());
      cursor = page.next();
    } while (cursor != null);
    return jobs;
  }

  private List<StoredJob> export() {
    return export(capability(), 1_000);
  }

  private JobStorage emptyStorage() {
    return rig().openNamespace("other");
  }

  private List<EnqueueReceipt> restore(JobStorage into, List<StoredJob> jobs) {
    return into.capability(Transfer.class).orElseThrow().restore(jobs, rig().now());
  }

  private static Optional<StoredJob> find(JobStorage in, JobId id) {
    return in.find(List.of(id), EnumSet.allOf(Part.class)).stream().findFirst();
  }

  private static StoredJob stored(JobStorage in, JobId id) {
    return find(in, id).orElseThrow(() -> new AssertionError("job " + id + " is gone"));
  }

  private void settle(JobStorage storage) {
    for (int i = 0; i < 1_000; i++) {
      Maintained call = storage.maintain(1_000, rig().now());
      if (!call.more() && Stage.touched(call) == 0) {
        return;
      }
    }
    throw new AssertionError("maintain never comes to rest");
  }

  /** A job in this state with history and, where there are notes, all of them. */
  private NewJob rich(JobState state) {
    return rich(state, Rig.QUEUE);
  }

  private NewJob rich(JobState state, String queue) {
    NewJob job = rig().enqueued(rig().job(builder -> richJob(builder.queue(queue))));
    LeasedJob first = stage.leased(job);
    if (rig().declares(Notes.class)) {
      Notes notes = rig().capability(Notes.class);
      notes.progress(first.lease(), new JobNotes.Progress(7, Bytes.utf8("seven")));
      notes.log(first.lease(), List.of(new JobNotes.LogLine(rig().now(), Bytes.utf8("line"))));
      notes.step(first.lease(), "step", Bytes.copyOf(new byte[] {0, 1, -1}));
    }
    boolean later = state == JobState.SCHEDULED;
    rig()
        .ack(
            new Ack.Retry(
                first.lease(), rig().now().plusSeconds(later ? 900 : 0), Rig.error("first")));
    if (state == JobState.READY || later) {
      return job;
    }
    LeasedJob second = stage.leased(job);
    switch (state) {
      case COMPLETED -> rig().ack(new Ack.Completed(second.lease(), Stage.RESULT, null, List.of()));
      case DEAD -> rig().ack(new Ack.Dead(second.lease(), Rig.error("second")));
      case CANCELLED -> rig().ack(new Ack.Cancelled(second.lease(), "enough"));
      default -> {}
    }
    return job;
  }

  private NewJob.Builder richJob(NewJob.Builder job) {
    return job.header("h", "v")
        .priority(100)
        .group("g")
        .limitKey("l")
        .maxAttempts(5)
        .timeout(Duration.ofSeconds(9))
        .deadline(rig().now().plus(Duration.ofDays(2)))
        .retention(Stage.KEPT)
        .awaited(true);
  }

  @Test
  void c9_1_anEmptyStorageExportsNothing() {
    assertThat(capability().export(null, 10)).isEqualTo(new Page<>(List.of(), null));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1_000})
  void c9_1_allJobsAreExportedWithAllPartsInTheOrderOfIds(int limit) {
    List<StoredJob> expected = new ArrayList<>();
    for (JobState state : EnumSet.complementOf(EnumSet.of(JobState.BLOCKED))) {
      expected.add(rig().stored(rich(state, "q-" + state).id()));
    }
    assertThat(export(capability(), limit)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"RUNNING", "BLOCKED"})
  void c9_2_aJobComesBackAsItWas(JobState state) {
    NewJob job = rich(state);
    JobStorage other = emptyStorage();
    List<StoredJob> exported = export();
    rig().time.advance(SECOND);
    assertThat(restore(other, exported)).containsExactly(EnqueueReceipt.enqueued(job.id()));
    assertThat(stored(other, job.id())).isEqualTo(exported.get(0));
    assertThat(export(other.capability(Transfer.class).orElseThrow(), 10)).isEqualTo(exported);
  }

  @ParameterizedTest
  @EnumSource(names = {"SCHEDULED", "READY"})
  void c9_2_aRestoredJobRunsOn(JobState state) {
    NewJob job = rich(state);
    JobStorage other = emptyStorage();
    restore(other, export());
    Rig.Client client = rig().client(other);
    assertThat(client.dequeue(Rig.QUEUE, 5)).hasSize(state == JobState.READY ? 1 : 0);
    rig().time.advance(Duration.ofMinutes(15));
    settle(other);
    LeasedJob leased = client.dequeue(Rig.QUEUE, 5).get(0);
    assertThat(leased.id()).isEqualTo(job.id());
    assertThat(leased.attempt()).isEqualTo(2);
    assertThat(client.ack(new Ack.Completed(leased.lease())))
        .isEqualTo(AckReceipt.applied(job.id()));
  }

  @Test
  void c9_2_aRunningJobIsReadyWithItsAttemptGivenBack() {
    NewJob job = rich(JobState.RUNNING);
    StoredJob exported = export().get(0);
    assertThat(exported.status().attempt()).isEqualTo(2);
    JobStorage other = emptyStorage();
    restore(other, List.of(exported));
    StoredJob restored = stored(other, job.id());
    assertThat(restored.state()).isEqualTo(JobState.READY);
    assertThat(restored.status().attempt()).isEqualTo(1);
    assertThat(restored.status().owner()).isNull();
    assertThat(restored.status().leaseExpiresAt()).isNull();
    assertThat(restored.history()).isEqualTo(exported.history());
    assertThat(restored.notes()).isEqualTo(exported.notes());
    assertThat(rig().client(other).dequeue(Rig.QUEUE, 1).get(0).attempt()).isEqualTo(2);
  }

  @Test
  void c9_2_readyJobsKeepTheirOrder() {
    for (int i = 0; i < 12; i++) {
      int priority = i % 3;
      rig().enqueued(rig().job(job -> job.priority(priority)));
      rig().time.advance(SECOND);
    }
    JobStorage other = emptyStorage();
    List<StoredJob> exported = export();
    restore(other, exported);
    assertThat(leasedIds(rig().client(other).dequeue(Rig.QUEUE, 20)))
        .isEqualTo(leasedIds(rig().dequeue(20)));
  }

  @ParameterizedTest
  @EnumSource
  void c9_2_anIdThatExistsIsADuplicate(JobState state) {
    NewJob job = stage.in(state);
    StoredJob before = rig().stored(job.id());
    StoredJob exported =
        export().stream().filter(each -> each.id().equals(job.id())).findFirst().orElseThrow();
    assertThat(restore(rig().storage(), List.of(exported)))
        .containsExactly(EnqueueReceipt.duplicate(job.id(), state));
    assertThat(rig().stored(job.id())).isEqualTo(before);
  }

  @Test
  void c9_2_aFreeKeyIsTakenAndATakenOneLeft() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.key(KEY)));
    List<StoredJob> exported = export();
    JobStorage free = emptyStorage();
    restore(free, exported);
    assertThat(rig().client(free).enqueue(List.of(rig().job(builder -> builder.key(KEY)))))
        .containsExactly(EnqueueReceipt.duplicate(job.id(), JobState.READY));
    JobStorage taken = rig().openNamespace("taken");
    NewJob holder = rig().job(builder -> builder.key(KEY));
    rig().client(taken).enqueue(List.of(holder));
    assertThat(restore(taken, exported)).containsExactly(EnqueueReceipt.enqueued(job.id()));
    assertThat(rig().client(taken).enqueue(List.of(rig().job(builder -> builder.key(KEY)))))
        .containsExactly(EnqueueReceipt.duplicate(holder.id(), JobState.READY));
    assertThat(rig().client(taken).dequeue(Rig.QUEUE, 5)).hasSize(2);
  }

  @Test
  void c9_2_aFinishedJobDoesNotTakeAKeyItHasGivenUp() {
    stage.in(JobState.DEAD, builder -> builder.key(KEY));
    JobStorage other = emptyStorage();
    restore(other, export());
    assertThat(rig().client(other).enqueue(List.of(rig().job(builder -> builder.key(KEY)))))
        .allMatch(EnqueueReceipt::isEnqueued);
  }

  private NewJob dependentOn(NewJob first) {
    return rig()
        .enqueued(
            rig()
                .job(
                    builder ->
                        builder.queue("later").dependencies(Dependencies.on(List.of(first.id())))));
  }

  @Test
  void c9_2_aBlockedJobMayBeRestoredBeforeTheJobItWaitsFor() {
    NewJob first = rig().enqueued(rig().job());
    NewJob second = dependentOn(first);
    List<StoredJob> exported = export();
    JobStorage other = emptyStorage();
    assertThat(restore(other, exported.subList(1, 2)))
        .containsExactly(EnqueueReceipt.enqueued(second.id()));
    assertThat(stored(other, second.id()).state()).isEqualTo(JobState.BLOCKED);
    restore(other, exported.subList(0, 1));
    settle(other);
    assertThat(stored(other, second.id())).isEqualTo(exported.get(1));
    Rig.Client client = rig().client(other);
    client.ack(new Ack.Completed(client.dequeue(Rig.QUEUE, 1).get(0).lease()));
    settle(other);
    assertThat(leasedIds(client.dequeue("later", 1))).containsExactly(second.id());
  }

  @Test
  void c9_2_aBlockedJobIsReleasedWhenItsDependencyWasRestoredAsCompleted() {
    NewJob first = rig().enqueued(rig().job(builder -> builder.retention(Stage.KEPT)));
    NewJob second = dependentOn(first);
    StoredJob blocked = rig().stored(second.id());
    rig().complete(stage.leased(first));
    StoredJob completed = rig().stored(first.id());
    JobStorage other = emptyStorage();
    restore(other, List.of(blocked));
    restore(other, List.of(completed));
    settle(other);
    assertThat(leasedIds(rig().client(other).dequeue("later", 1))).containsExactly(second.id());
  }

  @Test
  void c9_2_aBlockedJobWhoseDependencyIsMissingDoesNotWaitForEver() {
    NewJob second = dependentOn(rig().enqueued(rig().job()));
    JobStorage other = emptyStorage();
    restore(other, List.of(rig().stored(second.id())));
    settle(other);
    assertThat(find(other, second.id()).map(StoredJob::state))
        .isNotEqualTo(Optional.of(JobState.BLOCKED));
  }

  @Test
  void c9_2_retentionCountsFromTheRealEnd() {
    NewJob job = stage.in(JobState.COMPLETED);
    List<StoredJob> exported = export();
    JobStorage other = emptyStorage();
    rig().time.advance(Duration.ofMinutes(50));
    restore(other, exported);
    settle(other);
    assertThat(stored(other, job.id()).state()).isEqualTo(JobState.COMPLETED);
    rig().time.advance(Duration.ofMinutes(11));
    settle(other);
    assertThat(find(other, job.id())).isEmpty();
  }

  @Test
  void c9_2_restoredJobsAreCounted() {
    rig().needs(Inspection.class);
    for (JobState state : JobState.values()) {
      stage.in(state);
    }
    JobStorage other = emptyStorage();
    restore(other, export());
    rig().time.advance(Duration.ofSeconds(3));
    settle(other);
    Inspection inspection = other.capability(Inspection.class).orElseThrow();
    for (JobState state : JobState.values()) {
      long expected = state == JobState.READY ? 2 : state == JobState.RUNNING ? 0 : 1;
      assertThat(inspection.counts(Rig.QUEUE).of(state)).as(state.name()).isEqualTo(expected);
    }
  }

  @Test
  void c9_aLargeStorageMovesInPages() {
    List<NewJob> jobs = rig().jobs(2_500);
    rig().enqueue(jobs);
    JobStorage other = emptyStorage();
    String cursor = null;
    do {
      Page<StoredJob> page = capability().export(cursor, 400);
      assertThat(restore(other, page.items())).allMatch(EnqueueReceipt::isEnqueued);
      cursor = page.next();
    } while (cursor != null);
    assertThat(other.find(idsOf(jobs), Set.of())).hasSize(2_500);
    assertThat(leasedIds(rig().client(other).dequeue(Rig.QUEUE, 3_000))).isEqualTo(idsOf(jobs));
  }
}
