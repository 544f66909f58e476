package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a job costs while somebody's snapshot keeps every dead row: as much as before, give or take
 * (S0.8). {@code noria.test.rounds} is the number of thousands of jobs that are finished meanwhile.
 */
@Tag("chaos")
class PinnedHorizonTest {
  private static final String SCHEMA = "pinned_horizon_test";
  private static final int THOUSAND = 1_000;
  private static final int BATCH = 100;
  private static final int TIMED = 50;
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);

  private final PostgresStorage storage =
      PostgresStorage.open(TestServer.options().withNamespace(SCHEMA));
  private long calls;
  private long ids;

  @AfterEach
  void dropSchema() {
    storage.close();
    TestServer.drop(SCHEMA);
  }

  @Test
  void dequeue_withEveryFinishedJobStillInTheIndex_costsAtMostTwice() throws SQLException {
    int finished = Integer.getInteger("noria.test.rounds", 100);
    fill(2 * TIMED);
    drain(TIMED);
    double before = microsOf(TIMED);
    double pinned;
    try (Connection reader = TestServer.connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.execute("SELECT count(*) FROM pg_class");
      fill(finished + TIMED);
      drain(finished);
      pinned = microsOf(TIMED);
      reader.rollback();
    }
    System.out.printf(
        Locale.ROOT,
        "A job costs %.1f us; after %d 000 more, with the horizon held back all the time, %.1f us:"
            + " %.2f times as much%n",
        before,
        finished,
        pinned,
        pinned / before);
    assertThat(pinned / before).isLessThan(2.0);
  }

  /** What a plain job writes; the stored rows say it, so that nobody has to believe a comment. */
  @Test
  void job_writesALittle() {
    int thousands = Integer.getInteger("noria.test.rounds", 100);
    fill(1);
    drain(1);
    long wal = number("pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
    fill(thousands);
    drain(thousands);
    long jobs = (long) thousands * THOUSAND;
    double bytes = (double) (number("pg_current_wal_insert_lsn() - '0/0'::pg_lsn") - wal) / jobs;
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (sum("n_tup_del", "relname = 'job'") < jobs && System.nanoTime() - deadline < 0) {
      Thread.onSpinWait();
    }
    long updates = sum("n_tup_upd", "true");
    System.out.printf(
        Locale.ROOT,
        "A job writes %.0f bytes of WAL; rows: %.2f inserted, %.2f updated (%.0f %% HOT), %.2f"
            + " deleted%n",
        bytes,
        (double) sum("n_tup_ins", "true") / jobs,
        (double) updates / jobs,
        100.0 * sum("n_tup_hot_upd", "true") / Math.max(1, updates),
        (double) sum("n_tup_del", "true") / jobs);
    System.out.printf(
        Locale.ROOT,
        "Of the table job: %.0f %% of the updates HOT; entries in indexes: 2 for an insert, 2 for a"
            + " lease%n",
        100.0 * sum("n_tup_hot_upd", "relname = 'job'") / sum("n_tup_upd", "relname = 'job'"));
    assertThat(bytes).isLessThan(3_000);
  }

  private static long sum(String column, String where) {
    return number(
        "(SELECT coalesce(sum("
            + column
            + "), 0) FROM pg_stat_user_tables WHERE schemaname = '"
            + SCHEMA
            + "' AND "
            + where
            + ")");
  }

  private static long number(String expression) {
    return Long.parseLong(TestServer.column("SELECT (" + expression + ")::bigint").get(0));
  }

  private void fill(int thousands) {
    for (int i = 0; i < thousands; i++) {
      List<NewJob> jobs = new ArrayList<>(THOUSAND);
      for (int j = 0; j < THOUSAND; j++) {
        Bytes payload = Bytes.owned(new byte[200]);
        jobs.add(NewJob.builder(new JobId(1L << 32, ++ids), "t", "q", payload).build());
      }
      assertThat(storage.enqueue(new CallId(1, ++calls), jobs, NOW)).hasSize(THOUSAND);
    }
  }

  private double microsOf(int thousands) {
    long start = System.nanoTime();
    drain(thousands);
    return (System.nanoTime() - start) / 1e3 / thousands / THOUSAND;
  }

  /** Leases and completes so many thousands of jobs, in exchanges. */
  private void drain(int thousands) {
    List<Ack> acks = List.of();
    for (int left = thousands * THOUSAND; left > 0; left -= BATCH) {
      acks = exchange(acks, BATCH);
      assertThat(acks).hasSize(BATCH);
    }
    assertThat(exchange(acks, 0)).isEmpty();
  }

  private List<Ack> exchange(List<Ack> acks, int total) {
    DequeueRequest request =
        new DequeueRequest(
            "w", 7, NOW.plusSeconds(60), List.of(new Demand("q", BATCH)), total, 1 << 20, false, 0);
    Exchange exchange = storage.exchange(new CallId(2, ++calls), acks, request, NOW);
    List<Ack> next = new ArrayList<>(exchange.jobs().size());
    exchange.jobs().forEach(job -> next.add(new Ack.Completed(job.lease())));
    return next;
  }
}
