package dev.noria.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.ErrorInfo;
import dev.noria.job.GroupPolicy;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.QueueCounts;
import dev.noria.job.QueuePolicy;
import dev.noria.rows.Codes;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands beside the jobs heals when it is damaged (S5.3). */
class RecountTest {
  private static final int MOST_CALLS = 50;
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

  /** Maintains for one sweep after the rest; says how much was healed. */
  private int sweep() {
    now = now.plusSeconds(601);
    int healed = 0;
    for (int i = 0; i < MOST_CALLS; i++) {
      healed += storage.maintain(10, now).healed();
    }
    return healed;
  }

  /** Leases that outlive every sweep of a test. */
  private List<LeasedJob> take(int count) {
    DequeueRequest request =
        new DequeueRequest(
            "worker",
            7,
            Fixture.NOW.plusSeconds(90_000),
            List.of(new Demand(Fixture.QUEUE, count)),
            count,
            Long.MAX_VALUE,
            false,
            0);
    return storage.dequeue(Fixture.call(), request, Fixture.NOW).jobs();
  }

  private QueueCounts counts() {
    return storage.capability(Inspection.class).orElseThrow().counts(Fixture.QUEUE);
  }

  /** Two of each: ready, scheduled, running, dead; half of them in a group. */
  private void fill() {
    for (boolean grouped : new boolean[] {false, true}) {
      String group = grouped ? "g" : null;
      Fixture.enqueue(storage, Fixture.builder().group(group).build());
      LeasedJob dead = take(1).get(0);
      Ack ack = new Ack.Dead(dead.lease(), ErrorInfo.of("TEST", "for good"));
      storage.ack(Fixture.call(), List.of(ack), Fixture.NOW);
      Fixture.enqueue(storage, Fixture.builder().group(group).build());
      assertThat(take(1)).hasSize(1);
      Fixture.enqueue(storage, Fixture.builder().group(group).build());
      Instant later = Fixture.NOW.plusSeconds(100_000);
      Fixture.enqueue(storage, Fixture.builder().group(group).runAt(later).build());
    }
  }

  private List<String> stored() throws SQLException {
    return Fixture.row(
        file(),
        "SELECT blocked, scheduled, ready, running, completed, dead, cancelled, grouped_ready, groups,"
            + " (SELECT ready || '/' || running || '/' || total || '/' || open FROM noria_grp)"
            + " FROM noria_queue");
  }

  @Test
  void soundCounts_areLeftAlone() throws SQLException {
    fill();
    List<String> before = stored();
    assertThat(before).containsExactly("0", "2", "2", "2", "0", "2", "0", "2", "1", "2/1/4/1");
    assertThat(sweep()).isZero();
    assertThat(stored()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE noria_queue SET blocked = 7",
        "UPDATE noria_queue SET scheduled = 0",
        "UPDATE noria_queue SET ready = 0",
        "UPDATE noria_queue SET ready = 999999, running = -4",
        "UPDATE noria_queue SET running = 1",
        "UPDATE noria_queue SET completed = 1",
        "UPDATE noria_queue SET dead = 0",
        "UPDATE noria_queue SET cancelled = 12",
        "UPDATE noria_queue SET grouped_ready = 0",
        "UPDATE noria_queue SET groups = 0",
        "UPDATE noria_queue SET groups = 3",
        "UPDATE noria_grp SET ready = 0, open = 0",
        "UPDATE noria_grp SET open = 0",
        "UPDATE noria_grp SET running = 8",
        "UPDATE noria_grp SET total = 1",
        "UPDATE noria_grp SET total = 0",
        "DELETE FROM noria_grp"
      })
  void damagedCount_isHealedWithinASweep(String damage) throws SQLException {
    fill();
    List<String> before = stored();
    Fixture.run(file(), damage);
    assertThat(stored()).isNotEqualTo(before);
    assertThat(sweep()).isPositive();
    assertThat(stored()).isEqualTo(before);
    assertThat(sweep()).as("a second sweep").isZero();
  }

  @Test
  void jobsThatACountHid_areHandedOutAgain() throws SQLException {
    fill();
    Fixture.run(file(), "UPDATE noria_queue SET ready = 0, grouped_ready = 0, groups = 0");
    assertThat(take(10)).isEmpty();
    sweep();
    assertThat(take(10)).hasSize(2);
  }

  @Test
  void groupAtItsLimitByAWrongCount_runsAgainAndStaysExact() throws SQLException {
    QueuePolicy two = QueuePolicy.UNLIMITED.withDefaults(GroupPolicy.UNLIMITED.withMaxRunning(2));
    storage
        .capability(Administration.class)
        .orElseThrow()
        .setPolicy(Fixture.QUEUE, two, Fixture.NOW);
    for (int i = 0; i < 5; i++) {
      Fixture.enqueue(storage, Fixture.builder().group("g").build());
    }
    Fixture.run(file(), "UPDATE noria_grp SET running = 2");
    assertThat(take(10)).isEmpty();
    sweep();
    assertThat(take(10)).hasSize(2);
    assertThat(sweep()).as("a group at its limit is no damage").isZero();
  }

  @ParameterizedTest
  @CsvSource({"1, 1700", "2, 1700", "3, 400"})
  void changesDuringASweep_areCountedAlong(long seed, int jobs) throws SQLException {
    Random random = new Random(seed);
    try (JobStorage other = SqliteStorage.open(Fixture.options(file()))) {
      enqueueMany(storage, jobs, random);
      Fixture.run(file(), "UPDATE noria_queue SET ready = 5, dead = 3");
      for (int round = 0; round < MOST_CALLS; round++) {
        JobStorage caller = random.nextBoolean() ? storage : other;
        caller.maintain(10, Fixture.NOW);
        enqueueMany(caller, random.nextInt(40), random);
        List<Ack> acks = new ArrayList<>();
        for (LeasedJob job : Fixture.dequeue(caller, 1 + random.nextInt(60)).jobs()) {
          if (random.nextInt(10) > 0) {
            acks.add(ack(job, random));
          }
        }
        caller.ack(Fixture.call(), acks, Fixture.NOW);
      }
    }
    assertThat(stored().subList(0, 7)).isEqualTo(truth());
    assertThat(counts().of(JobState.DEAD)).isPositive();
  }

  private static void enqueueMany(JobStorage storage, int jobs, Random random) {
    List<NewJob> all = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      all.add(Fixture.builder().group(random.nextInt(3) == 0 ? "g" + i % 5 : null).build());
    }
    storage.enqueue(Fixture.call(), all, Fixture.NOW);
  }

  private static Ack ack(LeasedJob job, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Ack.Dead(job.lease(), ErrorInfo.of("TEST", "for good"));
      case 1 -> new Ack.Released(job.lease(), null, null);
      default -> new Ack.Completed(job.lease());
    };
  }

  private List<String> truth() throws SQLException {
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int state = 0; state < Codes.STATE_COUNT; state++) {
      sql.append(state == 0 ? "" : ", ")
          .append("count(CASE WHEN state = " + state + " THEN 1 END)");
    }
    return Fixture.row(file(), sql.append(" FROM noria_job").toString());
  }

  @Test
  void deepBacklog_isRecountedABoundedPageACall() throws SQLException {
    storage.enqueue(Fixture.call(), Fixture.jobs(2_100), Fixture.NOW);
    Fixture.run(file(), "UPDATE noria_queue SET ready = 1");
    for (int i = 0; i < 5; i++) {
      assertThat(storage.maintain(10, Fixture.NOW).healed()).as("call " + i).isZero();
    }
    assertThat(storage.maintain(10, Fixture.NOW).healed()).isEqualTo(1);
    assertThat(counts().of(JobState.READY)).isEqualTo(2_100);
  }

  @Test
  void idleStorage_doesNotWriteBetweenSweeps() throws SQLException {
    fill();
    sweep();
    List<String> before = Fixture.row(file(), "SELECT group_concat(name || value) FROM noria_meta");
    for (int i = 0; i < MOST_CALLS; i++) {
      storage.maintain(10, now);
    }
    assertThat(Fixture.row(file(), "SELECT group_concat(name || value) FROM noria_meta"))
        .isEqualTo(before);
  }

  @Test
  void sweepThatTookLong_restsAfterItsEnd() throws SQLException {
    storage.enqueue(Fixture.call(), Fixture.jobs(2_100), Fixture.NOW);
    for (int i = 0; i < 6; i++) {
      storage.maintain(10, Fixture.NOW.plusSeconds(200L * i));
    }
    String metas = "SELECT group_concat(name || value) FROM noria_meta";
    List<String> atTheEnd = Fixture.row(file(), metas);
    storage.maintain(10, Fixture.NOW.plusSeconds(1_599));
    assertThat(Fixture.row(file(), metas)).isEqualTo(atTheEnd);
    storage.maintain(10, Fixture.NOW.plusSeconds(1_600));
    assertThat(Fixture.row(file(), metas)).isNotEqualTo(atTheEnd);
  }

  @Test
  void lostKeyEntry_isPutBack_andAnOrphanIsTaken() throws SQLException {
    NewJob keyed = Fixture.builder().key(new JobKey("k", KeyPolicy.whileUnfinished())).build();
    Fixture.enqueue(storage, keyed);
    Fixture.run(file(), "DELETE FROM noria_key");
    Fixture.run(
        file(),
        "INSERT INTO noria_key (queue, name, holder, until) VALUES (1, 'orphan', randomblob(16), 1)");
    sweep();
    assertThat(Fixture.row(file(), "SELECT group_concat(name) FROM noria_key"))
        .containsExactly("k");
  }
}
