package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fetch reads the head of an index, however many jobs wait. */
class FetchPlanTest {
  private static final String SCHEMA = "fetch_plan_test";
  private static final int JOBS = Integer.getInteger("noria.test.backlog", 40_000);
  private static final String BACKLOG =
      """
      INSERT INTO %1$s.queue (name) VALUES ('q');
      INSERT INTO %1$s.job (id, place, due, enqueued, queue, flags, state, rank, type, payload)
      SELECT md5(n::text)::uuid, n, 0, 0, (SELECT id FROM %1$s.queue), 0, 2, 101, 't', 'payload'
      FROM generate_series(1, %2$d) n;
      """;
  private static final String FIRST = "SELECT array_agg(f.tid) INTO v_rows FROM (";

  private final PostgresStorage storage =
      PostgresStorage.open(TestServer.options().withNamespace(SCHEMA));

  @BeforeEach
  void fill() {
    TestServer.run(BACKLOG.formatted(SCHEMA, JOBS));
  }

  @AfterEach
  void dropSchema() {
    storage.close();
    TestServer.drop(SCHEMA);
  }

  @Test
  void fetch_withoutStatistics_readsTheIndexInOrder() throws SQLException {
    assertReadsTheIndex();
  }

  @Test
  void fetch_withStatistics_readsTheIndexInOrder() throws SQLException {
    TestServer.run("ANALYZE " + SCHEMA + ".job");
    assertReadsTheIndex();
  }

  private static void assertReadsTheIndex() throws SQLException {
    List<String> plan = plan();
    String text = String.join("\n", plan);
    assertThat(text)
        .contains("Index Scan using job_line on job j")
        .doesNotContain("Sort")
        .doesNotContain("Seq Scan on job");
    String scan = plan.stream().filter(line -> line.contains("using job_line")).findFirst().get();
    // Only what is fetched is read.
    assertThat(scan).as(text).containsPattern("actual rows=100(\\.0+)? loops=1\\)");
  }

  /** Of the statement in the function, planned with the function's own settings. */
  private static List<String> plan() throws SQLException {
    try (Connection connection = TestServer.connect();
        Statement statement = connection.createStatement()) {
      for (String setting :
          TestServer.column("SELECT unnest(proconfig) FROM pg_proc WHERE " + function())) {
        String[] parts = setting.split("=", 2);
        statement.execute("SET " + parts[0] + " = '" + parts[1] + "'");
      }
      statement.execute(
          "PREPARE noria_fetch (int[], int[], int, bigint, int[], bigint[], int[], bigint[]) AS "
              + fetch());
      String queue = TestServer.column("SELECT id FROM " + SCHEMA + ".queue").get(0);
      List<String> lines = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) EXECUTE noria_fetch ('{"
                  + queue
                  + "}', '{100}', 100, 1000000, '{-32768}', '{0}', '{32767}', '{1000000000}')")) {
        while (rows.next()) {
          lines.add(rows.getString(1));
        }
      }
      return lines;
    }
  }

  private static String fetch() {
    String source = TestServer.column("SELECT prosrc FROM pg_proc WHERE " + function()).get(0);
    int start = source.indexOf(FIRST);
    assertThat(start).isPositive();
    return source
        .substring(start, source.indexOf(';', start))
        .replace(" INTO v_rows", "")
        .replace("p_queue", "$1")
        .replace("p_limit", "$2")
        .replace("p_total", "$3")
        .replace("p_bytes", "$4")
        .replace("v_paused", "'{}'::int[]")
        .replace("v_part", "$1")
        .replace("v_rank", "$5")
        .replace("v_place", "$6")
        .replace("v_last", "$7")
        .replace("v_until", "$8");
  }

  private static String function() {
    return "proname = 'exchange_1' AND pronamespace = '" + SCHEMA + "'::regnamespace";
  }
}
