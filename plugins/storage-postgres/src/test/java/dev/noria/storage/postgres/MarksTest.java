package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.LeasedJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fetch that starts where the living rows begin overtakes nobody. */
class MarksTest {
  private static final String SCHEMA = "marks_test";
  private static final int MANY = 1_200;
  private static final int BATCH = 100;
  private static final JobId SPECIAL = new JobId(0, 1_000_000);
  private static final Instant START = Instant.ofEpochMilli(1_000_000);

  private final PostgresStorage storage =
      PostgresStorage.open(TestServer.options().withNamespace(SCHEMA));
  private final PostgresStorage other =
      PostgresStorage.open(TestServer.options().withNamespace(SCHEMA));
  private Instant now = START;
  private long calls;

  @BeforeEach
  void fill() {
    List<NewJob> jobs = LongStream.range(0, MANY + BATCH).mapToObj(MarksTest::job).toList();
    storage.enqueue(new CallId(1, ++calls), jobs.subList(0, BATCH), now);
    storage.enqueue(new CallId(1, ++calls), jobs.subList(BATCH, jobs.size()), now);
  }

  @AfterEach
  void dropSchema() {
    storage.close();
    other.close();
    TestServer.drop(SCHEMA);
  }

  @Test
  void jobOfATransactionThatWasOpenAllTheTime_comesFirst() throws SQLException {
    JdbcTransactions transactions = storage.capability(JdbcTransactions.class).orElseThrow();
    take(storage, BATCH);
    try (Connection connection = TestServer.connect()) {
      connection.setAutoCommit(false);
      transactions.enqueue(connection, List.of(special().build()), now);
      more(MANY);
      drain(2 * MANY - 2 * BATCH);
      assertThat(parts()).as("nothing is known before it ends").isEqualTo(1);
      connection.commit();
    }
    assertThat(first()).isEqualTo(SPECIAL);
  }

  @Test
  void jobThatSomebodyHadLockedAllTheTime_comesFirst() throws SQLException {
    try (Connection connection = TestServer.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT FROM " + SCHEMA + ".job ORDER BY place LIMIT 1 FOR UPDATE");
      drain(MANY);
      assertThat(parts()).isEqualTo(2);
      connection.rollback();
    }
    assertThat(first()).isEqualTo(new JobId(0, 0));
  }

  @Test
  void jobThatAnotherProcessReleases_comesFirst() {
    LeasedJob leased = take(other, 1).get(0);
    drain(MANY);
    assertThat(parts()).isEqualTo(2);
    release(leased);
    assertThat(first()).isEqualTo(leased.id());
    assertThat(announced()).isEqualTo("0");
  }

  @Test
  void releasedJobOnTheCarefulWay_comesFirst() {
    LeasedJob leased = take(other, 1).get(0);
    drain(MANY);
    release(leased);
    NewJob late = special().deadline(now.minusMillis(1)).build();
    storage.enqueue(new CallId(1, ++calls), List.of(late), now);
    assertThat(first()).isEqualTo(leased.id());
    assertThat(announced()).isEqualTo("0");
  }

  @Test
  void jobThatGetsAnotherPriority_keepsItsPlaceAmongThose() {
    storage.enqueue(new CallId(1, ++calls), List.of(special().priority(-1).build()), now);
    more(MANY);
    drain(2 * MANY);
    assertThat(parts()).isEqualTo(2);
    Administration admin = storage.capability(Administration.class).orElseThrow();
    admin.reprioritise(List.of(SPECIAL), 0, now);
    // It was enqueued before those that are left.
    assertThat(first()).isEqualTo(SPECIAL);
  }

  @Test
  void newJobs_comeByPriorityAndLastInFirstOut() {
    drain(MANY);
    NewJob plain = job(2_000_001);
    NewJob lifo = job(2_000_002).toBuilder().lifo(true).build();
    NewJob urgent = job(2_000_003).toBuilder().priority(1).build();
    storage.enqueue(new CallId(1, ++calls), List.of(plain, lifo, urgent), now);
    List<LeasedJob> jobs = take(storage, BATCH + 3);
    assertThat(jobs).hasSize(BATCH + 3);
    assertThat(jobs.get(0).id()).isEqualTo(urgent.id());
    assertThat(jobs.get(1).id()).isEqualTo(lifo.id());
    assertThat(jobs.get(2).id()).isEqualTo(new JobId(0, MANY));
    assertThat(jobs.get(BATCH + 2).id()).isEqualTo(plain.id());
  }

  @Test
  void transactionThatWritesElsewhere_doesNotHoldTheMarksBack() throws SQLException {
    try (Connection connection = TestServer.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT txid_current()");
      drain(MANY);
      assertThat(parts()).isEqualTo(2);
      connection.rollback();
    }
  }

  /** As after a restore of the server from a backup. */
  @Test
  void placesThatStartOver_areFoundAfterAMinute() {
    drain(MANY);
    TestServer.run("UPDATE " + SCHEMA + ".job SET place = 1 WHERE id = '" + id(MANY) + "'");
    assertThat(first()).isNotEqualTo(id(MANY));
    now = now.plusSeconds(100);
    more(MANY);
    List<JobId> found = new ArrayList<>();
    for (int i = 0; i < MANY / BATCH; i++) {
      take(storage, BATCH).forEach(job -> found.add(job.id()));
    }
    assertThat(found).contains(id(MANY));
  }

  private static JobId id(long number) {
    return new JobId(0, number);
  }

  private static NewJob job(long number) {
    return NewJob.builder(id(number), "t", "q", Bytes.utf8("payload")).build();
  }

  private static NewJob.Builder special() {
    return job(SPECIAL.toUuid().getLeastSignificantBits()).toBuilder();
  }

  /** Jobs behind all others. */
  private void more(int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(job(3_000_000 + ++calls));
    }
    storage.enqueue(new CallId(1, ++calls), jobs, now);
  }

  private void drain(int count) {
    for (int left = count; left > 0; left -= BATCH) {
      assertThat(take(storage, BATCH)).hasSize(BATCH);
    }
  }

  private JobId first() {
    return take(storage, 1).get(0).id();
  }

  /** In how many parts the line is read; 1 is the whole of it. */
  private int parts() {
    return storage.server().marks().of(storage.server().names().id("q")).size();
  }

  private static String announced() {
    return TestServer.column("SELECT count(*) FROM " + SCHEMA + ".back").get(0);
  }

  private void release(LeasedJob job) {
    Ack released = new Ack.Released(job.lease(), null, null);
    DequeueRequest nothing = DequeueRequest.nothing("w", 9, now.plusSeconds(60));
    other.exchange(new CallId(3, ++calls), List.of(released), nothing, now);
  }

  private List<LeasedJob> take(PostgresStorage from, int count) {
    List<Demand> demands = List.of(new Demand("q", count));
    DequeueRequest request =
        new DequeueRequest("w", 9, now.plusSeconds(60), demands, count, 1 << 20, false, 0);
    long client = from == storage ? 2 : 3;
    return from.exchange(new CallId(client, ++calls), List.of(), request, now).jobs();
  }
}
