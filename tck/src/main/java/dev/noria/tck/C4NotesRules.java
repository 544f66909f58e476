package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobNotes;
import dev.noria.job.JobNotes.LogLine;
import dev.noria.job.JobNotes.Progress;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Notes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What attempts leave beside the state of their job (C4). */
abstract class C4NotesRules extends CapabilityRules<Notes> {
  private static final Progress HALF = new Progress(50, Bytes.utf8("half"));

  C4NotesRules() {
    super(Notes.class);
  }

  private LeasedJob leased() {
    rig().enqueued(rig().job(job -> job.retention(Stage.KEPT)));
    return rig().dequeueOne();
  }

  private JobNotes notes(LeasedJob job) {
    return capability().notes(job.id());
  }

  private List<LogLine> lines(int from, int to) {
    List<LogLine> lines = new ArrayList<>();
    for (int i = from; i < to; i++) {
      lines.add(new LogLine(rig().now().plusMillis(i), Bytes.utf8("line " + i)));
    }
    return lines;
  }

  private boolean step(LeasedJob job, String name, String result) {
    return capability().step(job.lease(), name, Bytes.utf8(result));
  }

  private void writeAll(LeasedJob job) {
    assertThat(capability().progress(job.lease(), HALF)).isTrue();
    assertThat(capability().log(job.lease(), lines(0, 2))).isTrue();
    assertThat(step(job, "one", "1")).isTrue();
  }

  @Test
  void c4_4_aJobWithoutNotesHasNone() {
    assertThat(notes(leased())).isEqualTo(JobNotes.NONE);
    assertThat(capability().notes(rig().id())).isEqualTo(JobNotes.NONE);
  }

  @Test
  void c4_1_theLastProgressCounts() {
    LeasedJob job = leased();
    Progress full = new Progress(100, Bytes.EMPTY);
    assertThat(capability().progress(job.lease(), HALF)).isTrue();
    assertThat(notes(job).progress()).isEqualTo(HALF);
    assertThat(capability().progress(job.lease(), full)).isTrue();
    assertThat(notes(job).progress()).isEqualTo(full);
    assertThat(capability().progress(job.lease(), HALF)).isTrue();
    assertThat(notes(job).progress()).isEqualTo(HALF);
  }

  @Test
  void c4_2_linesAreKeptInOrder() {
    LeasedJob job = leased();
    assertThat(capability().log(job.lease(), lines(0, 3))).isTrue();
    assertThat(capability().log(job.lease(), List.of())).isTrue();
    assertThat(capability().log(job.lease(), lines(3, 4))).isTrue();
    assertThat(capability().log(job.lease(), lines(4, 9))).isTrue();
    assertThat(notes(job).log()).isEqualTo(lines(0, 9));
  }

  @Test
  void c4_2_atLeastTheLastHundredLinesAreKept() {
    LeasedJob job = leased();
    for (int from = 0; from < 950; from += 50) {
      capability().log(job.lease(), lines(from, from + 50));
    }
    capability().log(job.lease(), lines(950, 1_000));
    List<LogLine> log = notes(job).log();
    assertThat(log)
        .hasSizeBetween(JobNotes.LOG_LINES, 5 * JobNotes.LOG_LINES)
        .isEqualTo(lines(1_000 - log.size(), 1_000));
  }

  @Test
  void c4_2_manyLinesAtOnceAreCutToTheLast() {
    LeasedJob job = leased();
    capability().log(job.lease(), lines(0, 700));
    List<LogLine> log = notes(job).log();
    assertThat(log)
        .hasSizeBetween(JobNotes.LOG_LINES, 5 * JobNotes.LOG_LINES)
        .isEqualTo(lines(700 - log.size(), 700));
  }

  @Test
  void c4_3_aStepKeepsItsFirstResult() {
    LeasedJob job = leased();
    assertThat(step(job, "charge", "first")).isTrue();
    assertThat(step(job, "charge", "second")).isTrue();
    assertThat(step(job, "Charge", "")).isTrue();
    assertThat(notes(job).steps())
        .isEqualTo(Map.of("charge", Bytes.utf8("first"), "Charge", Bytes.EMPTY));
  }

  @Test
  void c4_3_oddNamesAndLargeResultsComeBack() {
    LeasedJob job = leased();
    byte[] large = new byte[rig().storage().info().limits().payloadBytes()];
    large[0] = -1;
    assertThat(capability().step(job.lease(), "größe/../%'\"", Bytes.owned(large))).isTrue();
    assertThat(capability().step(job.lease(), "nul", Bytes.copyOf(new byte[] {0, 0}))).isTrue();
    assertThat(notes(job).steps())
        .isEqualTo(
            Map.of("größe/../%'\"", Bytes.owned(large), "nul", Bytes.copyOf(new byte[] {0, 0})));
  }

  @Test
  void c4_3_stepsSurviveRetryReleaseAndCrash() {
    LeasedJob first = leased();
    step(first, "one", "1");
    rig().ack(new Ack.Retry(first.lease(), rig().now(), Rig.error("x")));
    LeasedJob second = rig().dequeueOne();
    step(second, "one", "again");
    step(second, "two", "2");
    rig().ack(new Ack.Released(second.lease(), null, null));
    LeasedJob third = rig().dequeueOne();
    step(third, "three", "3");
    new Stage(rig()).crash();
    LeasedJob fourth = rig().dequeueOne();
    assertThat(notes(fourth).steps())
        .isEqualTo(
            Map.of("one", Bytes.utf8("1"), "two", Bytes.utf8("2"), "three", Bytes.utf8("3")));
  }

  @Test
  void c4_aStaleLeaseWritesNothing() {
    LeasedJob old = leased();
    writeAll(old);
    new Stage(rig()).crash();
    assertRefused(old.lease());
    LeasedJob current = rig().dequeueOne();
    JobNotes before = notes(current);
    assertRefused(old.lease());
    Lease lease = current.lease();
    assertRefused(new Lease(lease.id(), lease.epoch(), lease.nonce() + 1, lease.locator()));
    assertThat(notes(current)).isEqualTo(before);
    rig().complete(current);
    assertRefused(lease);
    assertThat(notes(current)).isEqualTo(before);
    assertRefused(new Lease(rig().id(), 1, 1, Bytes.EMPTY));
  }

  private void assertRefused(Lease lease) {
    assertThat(capability().progress(lease, new Progress(1, Bytes.EMPTY))).isFalse();
    assertThat(capability().log(lease, lines(0, 1))).isFalse();
    assertThat(capability().step(lease, "stale", Bytes.EMPTY)).isFalse();
  }

  @Test
  void c4_anExpiredLeaseThatNobodyTookBackStillWrites() {
    LeasedJob job = leased();
    rig().time.advance(Rig.LEASE.plusSeconds(5));
    writeAll(job);
    assertThat(notes(job).progress()).isEqualTo(HALF);
  }

  @Test
  void c4_4_notesAreKeptAsLongAsTheJob() {
    LeasedJob job = leased();
    writeAll(job);
    rig().complete(job);
    JobNotes kept = new JobNotes(HALF, lines(0, 2), Map.of("one", Bytes.utf8("1")));
    assertThat(notes(job)).isEqualTo(kept);
    StoredJob found = rig().storage().find(List.of(job.id()), EnumSet.of(Part.NOTES)).get(0);
    assertThat(found.notes()).isEqualTo(kept);
    rig().time.advance(Stage.KEPT.completed().plusMillis(1));
    rig().maintainAll();
    assertThat(rig().find(job.id())).isEmpty();
    assertThat(notes(job)).isEqualTo(JobNotes.NONE);
  }

  @Test
  void c4_4_notesVanishWithAJobThatVanishesWithItsAck() {
    NewJob job = rig().enqueued(rig().job());
    LeasedJob leased = rig().dequeueOne();
    writeAll(leased);
    rig().complete(leased);
    assertThat(notes(leased)).isEqualTo(JobNotes.NONE);
    rig().enqueued(job);
    assertThat(capability().notes(job.id())).isEqualTo(JobNotes.NONE);
  }

  @Test
  void c4_4_notesOfADeletedJobDoNotReturnWithItsId() {
    rig().needs(Administration.class);
    NewJob job = rig().enqueued(rig().job());
    LeasedJob leased = rig().dequeueOne();
    writeAll(leased);
    rig().ack(new Ack.Dead(leased.lease(), Rig.error("x")));
    rig().capability(Administration.class).delete(List.of(job.id()), rig().now());
    assertThat(notes(leased)).isEqualTo(JobNotes.NONE);
    rig().enqueued(job);
    assertThat(capability().notes(job.id())).isEqualTo(JobNotes.NONE);
  }

  @Test
  void c4_notesOfOneJobAreNotThoseOfAnother() {
    LeasedJob one = leased();
    LeasedJob two = leased();
    step(one, "s", "one");
    step(two, "s", "two");
    assertThat(notes(one).steps()).isEqualTo(Map.of("s", Bytes.utf8("one")));
    assertThat(notes(two).steps()).isEqualTo(Map.of("s", Bytes.utf8("two")));
  }

  @Test
  void c4_3_eightThreadsWriteStepsOfOneJobAndLoseNone() {
    LeasedJob job = leased();
    int each = 20;
    Crew.run(
        8,
        thread ->
            () -> {
              for (int i = 0; i < each; i++) {
                assertThat(step(job, "t" + thread + "." + i, thread + "/" + i)).isTrue();
                assertThat(step(job, "shared" + i, "by " + thread)).isTrue();
              }
              return thread;
            });
    Map<String, Bytes> steps = notes(job).steps();
    assertThat(steps).hasSize(9 * each);
    for (int i = 0; i < each; i++) {
      assertThat(step(job, "shared" + i, "late")).isTrue();
      assertThat(steps.get("t7." + i)).isEqualTo(Bytes.utf8("7/" + i));
    }
    assertThat(notes(job).steps()).isEqualTo(steps);
  }

  @Test
  void c4_anotherStorageOverThePlaceSeesAndGuardsTheSame() {
    rig().needsSharing();
    LeasedJob job = leased();
    writeAll(job);
    Notes other = rig().openAgain().capability(Notes.class).orElseThrow();
    assertThat(other.notes(job.id())).isEqualTo(notes(job));
    rig().complete(job);
    assertThat(other.step(job.lease(), "late", Bytes.EMPTY)).isFalse();
  }

  @Test
  void c4_3_stepsSurviveClose() {
    rig().needsSurvival();
    LeasedJob job = leased();
    step(job, "one", "1");
    rig().reopen();
    assertThat(notes(job).steps()).isEqualTo(Map.of("one", Bytes.utf8("1")));
    assertThat(step(job, "two", "2")).isTrue();
  }
}
