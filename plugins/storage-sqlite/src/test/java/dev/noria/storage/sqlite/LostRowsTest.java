package dev.noria.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.ErrorInfo;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A row that jobs need and that is gone costs nobody else anything, and comes back. */
class LostRowsTest {
  private static final String GROUPS =
      "SELECT group_concat(name || ' ' || ready || '/' || running || '/' || total, ', ')"
          + " FROM (SELECT * FROM noria_grp ORDER BY name)";
  private static final String LOSE_GROUPS = "DELETE FROM noria_grp";

  @TempDir Path folder;
  private JobStorage storage;
  private Instant now = Fixture.NOW;

  @BeforeEach
  void open() {
    storage = SqliteStorage.open(Fixture.options(file()));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private Path file() {
    return folder.resolve("jobs.db");
  }

  private void lose(String rows) throws SQLException {
    Fixture.run(file(), rows);
  }

  private List<String> groups() throws SQLException {
    return Fixture.row(file(), GROUPS);
  }

  private NewJob enqueue(NewJob.Builder job) {
    return Fixture.enqueue(storage, job.build());
  }

  private static NewJob.Builder grouped() {
    return Fixture.builder().group("g");
  }

  private List<LeasedJob> take(int count, Instant until) {
    List<Demand> demands = List.of(new Demand(Fixture.QUEUE, count));
    DequeueRequest request =
        new DequeueRequest("worker", 7, until, demands, count, Long.MAX_VALUE, false, 0);
    return storage.dequeue(Fixture.call(), request, now).jobs();
  }

  private LeasedJob takeForLong() {
    return take(1, Fixture.NOW.plusSeconds(90_000)).get(0);
  }

  private int sweep() {
    now = now.plusSeconds(601);
    int healed = 0;
    for (int i = 0; i < 10; i++) {
      healed += storage.maintain(10, now).healed();
    }
    return healed;
  }

  @Test
  void leaseInALostGroup_isTakenBackAndTheJobRunsAgain() throws SQLException {
    NewJob job = enqueue(grouped());
    take(1, Fixture.NOW.plusSeconds(30));
    lose(LOSE_GROUPS);
    now = now.plusSeconds(31);
    assertThat(storage.maintain(10, now).reclaimed()).containsExactly(job.id());
    assertThat(groups()).containsExactly("g 1/0/1");
    assertThat(take(10, now.plusSeconds(30))).hasSize(1);
  }

  @Test
  void dueJobOfALostGroup_startsAndHoldsNobodyUp() throws SQLException {
    enqueue(grouped().runAt(now.plusSeconds(10)));
    enqueue(Fixture.builder());
    lose(LOSE_GROUPS);
    now = now.plusSeconds(10);
    assertThat(take(10, now.plusSeconds(30))).hasSize(2);
    assertThat(groups()).containsExactly("g 0/1/1");
  }

  @Test
  void lostGroupThatIsUsedAgain_getsItsJobsBack() throws SQLException {
    enqueue(grouped());
    takeForLong();
    enqueue(grouped());
    enqueue(Fixture.builder().group("h"));
    lose("DELETE FROM noria_grp WHERE name = 'g'");
    enqueue(grouped());
    assertThat(sweep()).isPositive();
    assertThat(groups()).containsExactly("g 2/1/3, h 1/0/1");
    assertThat(take(10, now.plusSeconds(90_000))).hasSize(3);
    assertThat(sweep()).isZero();
  }

  @Test
  void groupThatIsLostInTheMiddleOfASweep_isExactAfterTheNext() throws SQLException {
    for (int i = 0; i < 1_100; i++) {
      enqueue(grouped());
    }
    LeasedJob first = takeForLong();
    storage.maintain(10, now);
    lose(LOSE_GROUPS);
    storage.ack(Fixture.call(), List.of(new Ack.Released(first.lease(), null, null)), now);
    takeForLong();
    sweep();
    sweep();
    assertThat(groups()).containsExactly("g 1099/1/1100");
    assertThat(sweep()).isZero();
  }

  @Test
  void jobsOfALostGroup_endAndArePurgedAsEver() throws SQLException {
    enqueue(grouped());
    NewJob kept =
        enqueue(grouped().retention(new Retention(Duration.ZERO, Duration.ofSeconds(60))));
    LeasedJob one = takeForLong();
    LeasedJob two = takeForLong();
    lose(LOSE_GROUPS);
    List<Ack> acks =
        List.of(
            new Ack.Completed(one.lease()),
            new Ack.Dead(two.lease(), ErrorInfo.of("TEST", "for good")));
    assertThat(storage.ack(Fixture.call(), acks, now)).allMatch(AckReceipt::isApplied);
    assertThat(groups()).containsExactly("g 0/0/1");
    lose(LOSE_GROUPS);
    now = now.plusSeconds(61);
    assertThat(storage.maintain(10, now).purged()).containsExactly(kept.id());
    storage.maintain(10, now);
    assertThat(Fixture.row(file(), "SELECT count(*) FROM noria_grp")).containsExactly("0");
  }

  @Test
  void newGroup_doesNotGetTheJobsOfALostOne() throws SQLException {
    enqueue(grouped());
    LeasedJob job = takeForLong();
    lose(LOSE_GROUPS);
    enqueue(Fixture.builder().group("h"));
    storage.ack(Fixture.call(), List.of(new Ack.Released(job.lease(), null, null)), now);
    assertThat(groups()).containsExactly("g 1/0/1, h 1/0/1");
  }

  @ParameterizedTest
  @EnumSource(names = {"SCHEDULED", "READY", "RUNNING", "DEAD"})
  void groupWhoseCountDriftedToZero_isNotForgottenWhileItHasJobs(JobState state)
      throws SQLException {
    boolean later = state == JobState.SCHEDULED;
    Retention kept = new Retention(Duration.ZERO, Duration.ofDays(9));
    enqueue(grouped().retention(kept).runAt(later ? now.plusSeconds(90_000) : null));
    if (state == JobState.RUNNING || state == JobState.DEAD) {
      LeasedJob job = takeForLong();
      if (state == JobState.DEAD) {
        Ack ack = new Ack.Dead(job.lease(), ErrorInfo.of("TEST", "for good"));
        storage.ack(Fixture.call(), List.of(ack), now);
      }
    }
    sweep();
    List<String> before = groups();
    lose("UPDATE noria_grp SET total = 0");
    storage.maintain(10, now);
    assertThat(groups()).as("between recounts").isNotEqualTo(before).doesNotContainNull();
    sweep();
    assertThat(groups()).isEqualTo(before);
    assertThat(Fixture.row(file(), "SELECT id FROM noria_grp")).containsExactly("1");
  }

  @Test
  void forgettingIdleGroups_looksJobsUpByIndex() throws SQLException {
    String plan = "EXPLAIN QUERY PLAN " + new Sql("noria").text("grp.idle").replace("?", "10");
    String leasing = "EXPLAIN QUERY PLAN " + new Sql("noria").text("owner.leasing");
    assertThat(Fixture.column(file(), plan, 4))
        .anyMatch(step -> step.contains("noria_job_grp"))
        .noneMatch(step -> step.contains("SCAN j"));
    assertThat(Fixture.column(file(), leasing, 4))
        .filteredOn(step -> step.contains("noria_job") || step.contains(" j "))
        .isNotEmpty()
        .allMatch(step -> step.contains("SEARCH") && step.contains("noria_job_lease"));
  }

  @Test
  void leaseOfALostOwner_expires() throws SQLException {
    NewJob job = enqueue(Fixture.builder());
    take(1, Fixture.NOW.plusSeconds(30));
    lose("DELETE FROM noria_owner");
    now = now.plusSeconds(29);
    assertThat(storage.maintain(10, now).reclaimed()).isEmpty();
    now = now.plusSeconds(2);
    assertThat(storage.maintain(10, now).reclaimed()).containsExactly(job.id());
  }

  @Test
  void jobsOfALostQueue_areFoundUnderAnotherNameAndHoldNobodyUp() throws SQLException {
    NewJob job = enqueue(grouped());
    take(1, Fixture.NOW.plusSeconds(30));
    lose("DELETE FROM noria_queue");
    assertThat(storage.find(List.of(job.id()), Set.of()).get(0).job().queue()).isEqualTo("lost-1");
    now = now.plusSeconds(31);
    assertThat(storage.maintain(10, now).reclaimed()).containsExactly(job.id());
    sweep();
    Inspection inspection = storage.capability(Inspection.class).orElseThrow();
    assertThat(inspection.counts("lost-1").of(JobState.READY)).isEqualTo(1);
    enqueue(Fixture.builder());
    assertThat(take(10, now.plusSeconds(30))).hasSize(1);
  }
}
