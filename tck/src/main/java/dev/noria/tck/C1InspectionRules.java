package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Page;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.Inspection;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listing what is stored (C1.1). */
abstract class C1InspectionRules extends CapabilityRules<Inspection> {
  private static final int PAGES = 100_000;

  C1InspectionRules() {
    super(Inspection.class);
  }

  /** Every page of this size, until there is no cursor. */
  private List<JobId> list(JobFilter filter, int limit) {
    List<JobId> ids = new ArrayList<>();
    String cursor = null;
    for (int i = 0; i < PAGES; i++) {
      Page<StoredJob> page = page(filter, cursor, limit);
      page.items().forEach(job -> ids.add(job.id()));
      cursor = page.next();
      if (cursor == null) {
        return ids;
      }
    }
    throw new AssertionError("list still has a cursor after " + PAGES + " pages");
  }

  private Page<StoredJob> page(JobFilter filter, @Nullable String cursor, int limit) {
    Page<StoredJob> page = capability().list(filter, cursor, limit);
    assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
    return page;
  }

  private List<JobId> list(JobFilter filter) {
    return list(filter, 1_000);
  }

  private static List<JobId> ids(List<NewJob> jobs) {
    return jobs.stream().map(NewJob::id).toList();
  }

  @Test
  void c1_1_anEmptyStorageListsNothing() {
    assertThat(capability().list(JobFilter.all(), null, 10)).isEqualTo(new Page<>(List.of(), null));
  }

  @Test
  void c1_1_jobsComeInTheOrderOfTheirIdsWhateverTheirStateAndQueue() {
    Stage stage = new Stage(rig());
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      for (JobState state : JobState.values()) {
        if (state != JobState.BLOCKED) {
          String queue = "q" + (9 - i) + state;
          ids.add(stage.in(state, job -> job.queue(queue)).id());
        }
      }
    }
    assertThat(list(JobFilter.all())).containsExactlyElementsOf(ids);
  }

  @Test
  void c1_1_idsAreOrderedAsUnsignedNumbers() {
    List<NewJob> jobs = new ArrayList<>();
    for (long high : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 0, 1}) {
      for (long low : new long[] {Long.MAX_VALUE, 0, -1, Long.MIN_VALUE}) {
        jobs.add(NewJob.builder(new JobId(high, low), "t", Rig.QUEUE, Bytes.EMPTY).build());
      }
    }
    rig().enqueue(jobs);
    List<JobId> sorted = ids(jobs).stream().sorted().toList();
    assertThat(list(JobFilter.all())).containsExactlyElementsOf(sorted);
    assertThat(list(JobFilter.all(), 3)).containsExactlyElementsOf(sorted);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 99, 100, 101})
  void c1_1_pagesListEachJobOnce(int limit) {
    List<NewJob> jobs = rig().jobs(100);
    rig().enqueue(jobs);
    assertThat(list(JobFilter.all(), limit)).containsExactlyElementsOf(ids(jobs));
    assertThat(list(JobFilter.all().queue(Rig.QUEUE), limit)).containsExactlyElementsOf(ids(jobs));
  }

  @Test
  void c1_1_payloadResultHistoryAndNotesAreNotRead() {
    NewJob job = new Stage(rig()).in(JobState.COMPLETED);
    StoredJob listed = capability().list(JobFilter.all(), null, 10).items().get(0);
    StoredJob stored = rig().stored(job.id());
    assertThat(listed)
        .isEqualTo(
            new StoredJob(
                job.withPayload(Bytes.EMPTY), stored.status(), null, List.of(), JobNotes.NONE));
  }

  @ParameterizedTest
  @EnumSource
  void c1_1_listsByState(JobState wanted) {
    Stage stage = new Stage(rig());
    JobId expected = null;
    for (JobState state : JobState.values()) {
      JobId id = stage.in(state).id();
      expected = state == wanted ? id : expected;
    }
    assertThat(list(JobFilter.all().queue(Rig.QUEUE).states(wanted))).containsExactly(expected);
  }

  @Test
  void c1_1_listsBySeveralStates() {
    Stage stage = new Stage(rig());
    JobId dead = stage.in(JobState.DEAD).id();
    JobId running = stage.in(JobState.RUNNING).id();
    stage.in(JobState.COMPLETED);
    JobId ready = stage.in(JobState.READY).id();
    assertThat(list(JobFilter.all().states(JobState.READY, JobState.DEAD)))
        .containsExactly(dead, ready);
    assertThat(list(JobFilter.all().states(JobState.RUNNING))).containsExactly(running);
  }

  @Test
  void c1_1_listsByQueueTypeAndGroup() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      String type = "t" + i % 3;
      String queue = "q" + i % 2;
      String group = i % 4 == 0 ? null : "g" + i % 4;
      jobs.add(rig().job(job -> job.type(type).queue(queue).group(group)));
    }
    rig().enqueue(jobs);
    assertFilter(jobs, JobFilter.all().queue("q1"));
    assertFilter(jobs, JobFilter.all().type("t2"));
    assertFilter(jobs, JobFilter.all().group("g3"));
    assertFilter(jobs, JobFilter.all().queue("q0").type("t1"));
    assertFilter(jobs, JobFilter.all().queue("q0").type("t1").group("g2"));
    assertFilter(jobs, JobFilter.all().queue("q1").group("g2"));
    assertFilter(jobs, JobFilter.all().queue("none"));
    assertFilter(jobs, JobFilter.all().type("T1"));
  }

  private void assertFilter(List<NewJob> jobs, JobFilter filter) {
    List<JobId> expected =
        jobs.stream()
            .filter(job -> filter.queue() == null || filter.queue().equals(job.queue()))
            .filter(job -> filter.type() == null || filter.type().equals(job.type()))
            .filter(job -> filter.group() == null || filter.group().equals(job.group()))
            .map(NewJob::id)
            .toList();
    assertThat(list(filter, 5)).as(filter.toString()).containsExactlyElementsOf(expected);
  }

  @Test
  void c1_1_listsByKeyInAllQueuesAndStates() {
    JobKey key = new JobKey("order-7", KeyPolicy.whileUnfinished());
    Stage stage = new Stage(rig());
    JobId done = stage.in(JobState.COMPLETED, job -> job.key(key)).id();
    JobId waiting = stage.in(JobState.READY, job -> job.key(key)).id();
    JobId other = stage.in(JobState.READY, job -> job.key(key).queue("other")).id();
    stage.in(JobState.READY, job -> job.key(new JobKey("order-71", key.policy())));
    assertThat(list(JobFilter.all().key("order-7"))).containsExactly(done, waiting, other);
    assertThat(list(JobFilter.all().key("order-7").queue("other"))).containsExactly(other);
    assertThat(list(JobFilter.all().key("order"))).isEmpty();
  }

  @Test
  void c1_1_listsByTheFingerprintOfTheLastError() {
    JobId changed = failing("A", "B");
    JobId stayed = failing("B", "A", "A");
    JobId once = failing("A");
    rig().enqueued(rig().job());
    assertThat(list(JobFilter.all().fingerprint("A"))).containsExactly(stayed, once);
    assertThat(list(JobFilter.all().fingerprint("B"))).containsExactly(changed);
    assertThat(list(JobFilter.all().fingerprint("C"))).isEmpty();
    assertThat(list(JobFilter.all().fingerprint("A").states(JobState.DEAD)))
        .containsExactly(stayed, once);
  }

  /** A job that fails with these errors and is dead with the last. */
  private JobId failing(String... errors) {
    NewJob job = rig().enqueued(rig().job());
    for (int i = 0; i < errors.length; i++) {
      LeasedJob leased = rig().dequeueOne();
      ErrorInfo error = ErrorInfo.of(errors[i], "failed");
      boolean last = i == errors.length - 1;
      rig()
          .ack(
              last
                  ? new Ack.Dead(leased.lease(), error)
                  : new Ack.Retry(leased.lease(), rig().now(), error));
    }
    return job.id();
  }

  @Test
  void c1_1_listsByTheTimeOfTheEnqueue() {
    List<NewJob> jobs = new ArrayList<>();
    Instant start = rig().now();
    for (int i = 0; i < 10; i++) {
      jobs.add(rig().enqueued(rig().job()));
      rig().time.advance(Duration.ofSeconds(1));
    }
    assertThat(list(JobFilter.all().enqueued(start.plusSeconds(3), start.plusSeconds(6))))
        .containsExactlyElementsOf(ids(jobs.subList(3, 6)));
    assertThat(list(JobFilter.all().enqueued(start.plusSeconds(8), null)))
        .containsExactlyElementsOf(ids(jobs.subList(8, 10)));
    assertThat(list(JobFilter.all().enqueued(null, start.plusSeconds(2))))
        .containsExactlyElementsOf(ids(jobs.subList(0, 2)));
    assertThat(list(JobFilter.all().enqueued(start, start))).isEmpty();
  }

  @Test
  void c1_1_namesAreComparedByteByByte() {
    List<String> names = List.of("a%", "a_", "ab", "A%", "a%b", "a*", "a'--", "\u00E4", "a\u0308");
    List<NewJob> jobs = new ArrayList<>();
    for (String name : names) {
      jobs.add(rig().job(job -> job.queue(name).type(name).group(name)));
    }
    rig().enqueue(jobs);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      List<JobId> one = ids(jobs.subList(i, i + 1));
      assertThat(list(JobFilter.all().queue(name))).containsExactlyElementsOf(one);
      assertThat(list(JobFilter.all().type(name))).containsExactlyElementsOf(one);
      assertThat(list(JobFilter.all().group(name))).containsExactlyElementsOf(one);
    }
  }

  @Test
  void c1_1_aRareJobIsFoundBeyondWhatOneCallExamines() {
    int count = Inspection.EXAMINED + 1_000;
    List<NewJob> common = rig().jobs(count / 2);
    NewJob rare = rig().job(job -> job.type("rare").group("rare"));
    List<NewJob> more = rig().jobs(count - count / 2);
    rig().enqueue(common);
    rig().enqueue(rare);
    rig().enqueue(more);
    NewJob last = rig().enqueued(rig().job(job -> job.type("rare")));
    assertThat(list(JobFilter.all().type("rare"))).containsExactly(rare.id(), last.id());
    assertThat(list(JobFilter.all().group("rare"), 1)).containsExactly(rare.id());
    assertThat(list(JobFilter.all())).hasSize(count + 2);
  }

  @Test
  void c1_1_jobsThatStayAreListedOnceWhileOthersComeAndGo() {
    rig().needs(Administration.class);
    Administration administration = rig().capability(Administration.class);
    List<NewJob> jobs = rig().jobs(60);
    rig().enqueue(jobs);
    List<JobId> listed = new ArrayList<>();
    List<JobId> gone = new ArrayList<>();
    String cursor = null;
    do {
      Page<StoredJob> page = page(JobFilter.all(), cursor, 7);
      page.items().forEach(job -> listed.add(job.id()));
      int behind = listed.size() / 2;
      JobId ahead = jobs.get(Math.min(59, listed.size() + 3)).id();
      gone.add(listed.get(behind));
      gone.add(ahead);
      administration.delete(List.of(listed.get(behind), ahead), rig().now());
      rig().enqueue(rig().job(job -> job.queue("new")));
      cursor = page.next();
    } while (cursor != null && listed.size() < 200);
    assertThat(cursor).isNull();
    List<JobId> stayed = new ArrayList<>(ids(jobs));
    stayed.removeAll(gone);
    assertThat(listed).isSorted().doesNotHaveDuplicates().containsAll(stayed);
  }

  @Test
  void c1_1_listingChangesNothing() {
    NewJob job = rig().enqueued(rig().job(builder -> builder.deadline(rig().now().plusMillis(1))));
    StoredJob before = rig().stored(job.id());
    rig().time.advance(Duration.ofHours(1));
    assertThat(list(JobFilter.all())).containsExactly(job.id());
    assertThat(rig().stored(job.id())).isEqualTo(before);
  }
}
