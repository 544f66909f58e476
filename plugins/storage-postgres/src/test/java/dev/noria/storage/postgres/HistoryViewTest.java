package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people see in SQL. */
class HistoryViewTest {
  private static final String SCHEMA = "history_view_test";
  private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");

  private final PostgresStorage storage =
      PostgresStorage.open(TestServer.options().withNamespace(SCHEMA));

  /** Job 1 is completed, job 2 is dead, the others wait. */
  @BeforeEach
  void live() {
    List<NewJob> jobs =
        List.of(
            job(1, "{\"to\": \"ada\", \"n\": 7}"),
            job(2, "[1, 2]"),
            job(3, "not json"),
            job(4, "\"\\u0000\""),
            job(5, "{\"broken\": \u0000}"),
            job(6, ""));
    assertThat(storage.enqueue(new CallId(1, 1), jobs, NOW)).hasSize(6);
    DequeueRequest request =
        new DequeueRequest(
            "worker-a", 9, NOW.plusSeconds(30), List.of(new Demand("q", 2)), 2, 10_000, false, 0);
    List<Lease> leases =
        storage.exchange(new CallId(2, 1), List.of(), request, NOW).jobs().stream()
            .map(leased -> leased.lease())
            .toList();
    List<Ack> acks =
        List.of(
            new Ack.Completed(leases.get(0)),
            new Ack.Dead(leases.get(1), ErrorInfo.of("Oops", "no such address"), List.of()));
    DequeueRequest nothing = DequeueRequest.nothing("worker-a", 9, NOW.plusSeconds(60));
    assertThat(storage.exchange(new CallId(2, 2), acks, nothing, NOW.plusSeconds(20)).receipts())
        .allMatch(receipt -> receipt.isApplied());
  }

  @AfterEach
  void dropSchema() {
    storage.close();
    TestServer.drop(SCHEMA);
  }

  private static NewJob job(long id, String payload) {
    return NewJob.builder(new JobId(0, id), "mail", "q", Bytes.utf8(payload))
        .retention(new Retention(Duration.ofDays(30), Duration.ofDays(30)))
        .build();
  }

  private static List<String> select(String columns) {
    return TestServer.column(
        "SELECT concat_ws('|', " + columns + ") FROM " + SCHEMA + ".job_history ORDER BY job");
  }

  @Test
  void jsonPayloads_areJsonb_andOthersNull() {
    assertThat(select("coalesce(payload::text, 'NULL')"))
        .containsExactly("{\"n\": 7, \"to\": \"ada\"}", "[1, 2]", "NULL", "NULL", "NULL", "NULL");
    assertThat(select("pg_typeof(payload)")).containsOnly("jsonb");
    assertThat(select("payload ->> 'to'")).startsWith("ada");
  }

  @Test
  void states_areWords() {
    assertThat(select("queue, type, state"))
        .startsWith("q|mail|COMPLETED", "q|mail|DEAD", "q|mail|READY")
        .hasSize(6);
  }

  @Test
  void failures_areThere() {
    assertThat(select("last_error_type, last_error_message"))
        .startsWith("", "Oops|no such address", "");
  }

  @Test
  void queriesOfTheReadme_answer() throws IOException {
    List<String> queries = queries();
    assertThat(queries).hasSize(3);
    assertThat(rows(queries.get(0))).containsExactly("COMPLETED|1", "DEAD|1");
    assertThat(rows(queries.get(1))).containsExactly("mail|Oops|1");
    assertThat(rows(queries.get(2))).containsExactly("mail|00:00:20");
  }

  /** The day depends on the time zone of the server. */
  private static List<String> rows(String query) {
    String text = query.replace("noria.", SCHEMA + ".");
    return TestServer.column(
        "SELECT concat_ws('|', VARIADIC ARRAY(SELECT value FROM jsonb_each_text(to_jsonb(r))"
            + " WITH ORDINALITY AS c (name, value, n) WHERE name <> 'day'"
            + " ORDER BY array_position('{type,last_error_type,state,count,avg}', name)))"
            + " FROM ("
            + text
            + ") r");
  }

  private static List<String> queries() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String reports = readme.substring(readme.indexOf("## Reports"));
    int start = reports.indexOf("```sql\n") + 7;
    String block = reports.substring(start, reports.indexOf("```", start));
    return Stream.of(block.replaceAll("(?m)^--.*$", "").split(";", -1))
        .map(String::strip)
        .filter(query -> !query.isEmpty())
        .toList();
  }
}
