package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said of rows that somebody else has locked, or changes between two looks. */
class LockedRowsTest {
  private static final String SCHEMA = "locked_rows_test";
  private static final String QUEUE = "q";
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
  private static final Instant LATER = NOW.plusSeconds(60);

  private final HookedDataSource source = new HookedDataSource();
  private final PostgresStorage storage = open(source);
  private long calls;

  private static PostgresStorage open(DataSource source) {
    return PostgresStorage.over(source, TestServer.options().withNamespace(SCHEMA));
  }

  @AfterEach
  void close() {
    storage.close();
    TestServer.drop(SCHEMA);
  }

  @Test
  void startOfALeaseWhoseRowIsLockedForAMoment_isWritten() throws Exception {
    Lease lease = leased();
    try (Connection other = lock()) {
      CompletableFuture<ExtendReceipt> started = CompletableFuture.supplyAsync(() -> start(lease));
      while (waiting() == 0 && !started.isDone()) {
        Thread.onSpinWait();
      }
      other.rollback();
      assertThat(started.get().status()).isEqualTo(ExtendReceipt.Status.EXTENDED);
    }
    assertThat(marks()).containsExactly("t");
  }

  /** The first of the page has expired, so there is a second look; a better one comes before it. */
  @Test
  void betterJobBetweenTwoLooksOfADequeue_givesNoJobTwice() {
    enqueue(1, job -> job.deadline(NOW.minusSeconds(1)));
    for (int id = 2; id <= 6; id++) {
      enqueue(id, job -> job);
    }
    source.beforeSecond(
        "ORDER BY j.queue, j.rank, j.place LIMIT", () -> enqueue(7, job -> job.priority(5)));
    Exchange exchange = dequeue(4);
    assertThat(exchange.jobs()).extracting(LeasedJob::id).doesNotHaveDuplicates().hasSize(4);
    assertThat(exchange.jobs().get(3).id()).isEqualTo(id(7));
    assertThat(source.fired()).isTrue();
  }

  private Lease leased() {
    enqueue(1, job -> job);
    return dequeue(1).jobs().get(0).lease();
  }

  private ExtendReceipt start(Lease lease) {
    return storage.extend(List.of(new LeaseUse(lease, true)), LATER, NOW).get(0);
  }

  private static Connection lock() throws SQLException {
    Connection other = TestServer.connect();
    other.setAutoCommit(false);
    try (Statement statement = other.createStatement()) {
      statement.execute("SELECT FROM " + SCHEMA + ".job FOR UPDATE");
    }
    return other;
  }

  private static int waiting() {
    String sql =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%"
            + SCHEMA
            + "%'";
    return Integer.parseInt(TestServer.column(sql).get(0));
  }

  private static List<String> marks() {
    return TestServer.column("SELECT flags & " + Flags.STARTED + " <> 0 FROM " + SCHEMA + ".job");
  }

  private static JobId id(long number) {
    return new JobId(0, number);
  }

  private void enqueue(long number, UnaryOperator<NewJob.Builder> change) {
    NewJob job =
        change.apply(NewJob.builder(id(number), "type", QUEUE, Bytes.utf8("payload"))).build();
    storage.enqueue(new CallId(1, ++calls), List.of(job), NOW);
  }

  private Exchange dequeue(int count) {
    List<Demand> demands = List.of(new Demand(QUEUE, count));
    DequeueRequest request =
        new DequeueRequest("worker", 7, NOW.plusSeconds(30), demands, count, 1_000_000, false, 0);
    return storage.exchange(new CallId(2, ++calls), List.of(), request, NOW);
  }
}
