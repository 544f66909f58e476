package dev.noria.storage.sqlite;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import dev.noria.storage.JobStorage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Short words for tests of this module. */
final class Fixture {
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  static final String QUEUE = "q";

  /** What the next release might bring: a migration that this one can live with. */
  static final Migrations NEXT_RELEASE =
      new Migrations(
          List.of(new Migrations.Step("001_first", 1), new Migrations.Step("002_next", 1)));

  private static final AtomicLong NUMBERS = new AtomicLong(System.identityHashCode(Fixture.class));

  private Fixture() {}

  static SqliteOptions options(Path file) {
    return SqliteOptions.defaults().withPath(file.toString());
  }

  static CallId call() {
    return new CallId(NUMBERS.incrementAndGet(), 1);
  }

  static NewJob.Builder builder() {
    JobId id = new JobId(0x0190_0000_0000_7000L, NUMBERS.incrementAndGet() | Long.MIN_VALUE);
    return NewJob.builder(id, "mail", QUEUE, Bytes.utf8("payload"));
  }

  static NewJob job() {
    return builder().build();
  }

  static List<NewJob> jobs(int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(job());
    }
    return jobs;
  }

  static NewJob enqueue(JobStorage storage, NewJob job) {
    storage.enqueue(call(), List.of(job), NOW);
    return job;
  }

  static Exchange dequeue(JobStorage storage, int count) {
    DequeueRequest request =
        new DequeueRequest(
            "worker",
            7,
            NOW.plusSeconds(30),
            List.of(new Demand(QUEUE, count)),
            count,
            Long.MAX_VALUE,
            false,
            0);
    return storage.dequeue(call(), request, NOW);
  }

  static Connection connect(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  static void run(Path file, String sql) throws SQLException {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** The first row, all columns. */
  static List<String> row(Path file, String sql) throws SQLException {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      if (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          values.add(rows.getString(i));
        }
      }
      return values;
    }
  }

  /** One column of all rows. */
  static List<String> column(Path file, String sql, int index) throws SQLException {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(index));
      }
      return values;
    }
  }
}
