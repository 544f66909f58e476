package dev.noria.storage.postgres;

import dev.noria.tck.Place;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One server for all tests of a JVM: that of {@code NORIA_TEST_POSTGRES_URL} where it is set, such
 * as {@code postgresql://user:password@localhost:5432/postgres}, else one of its own on a free
 * port. Tests have schemas of their own in it.
 */
final class TestServer {
  private static final String DATABASE = "noria_test";
  private static final String WIPE =
      """
      DO $$
      DECLARE v text;
      BEGIN
        FOR v IN SELECT tablename FROM pg_tables WHERE schemaname = '{ns}' AND tablename <> 'meta' LOOP
          EXECUTE format('DELETE FROM "{ns}".%I', v);
        END LOOP;
        UPDATE "{ns}".meta SET value = 0 WHERE name NOT IN ('schema', 'identity');
        UPDATE "{ns}".meta SET value = 1 WHERE name = 'schema';
      END $$;
      """;
  private static final Map<Place, String> SCHEMAS = new ConcurrentHashMap<>();
  private static final Queue<String> FREE = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final TestServer SERVER = new TestServer();

  private final PostgresOptions options;
  private final @Nullable EmbeddedPostgres own;

  private TestServer() {
    String given = System.getenv("NORIA_TEST_POSTGRES_URL");
    if (given == null || given.isEmpty()) {
      own = start();
      options =
          PostgresOptions.defaults()
              .withServer("localhost", own.getPort(), DATABASE)
              .withUser("postgres", "postgres");
    } else {
      own = null;
      URI uri = URI.create(given);
      String[] login = uri.getUserInfo().split(":", 2);
      options =
          PostgresOptions.defaults()
              .withServer(uri.getHost(), uri.getPort(), DATABASE)
              .withUser(login[0], login.length > 1 ? login[1] : null);
    }
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet there =
            statement.executeQuery(
                "SELECT count(*) FROM pg_database WHERE datname = '" + DATABASE + "'")) {
      there.next();
      if (there.getInt(1) == 0) {
        statement.execute("CREATE DATABASE " + DATABASE + " ENCODING 'UTF8' TEMPLATE template0");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static EmbeddedPostgres start() {
    try {
      // fsync stays on, as users have it; the log is flushed by one commit for many.
      EmbeddedPostgres started =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("shared_buffers", "128MB")
              .setServerConfig("max_wal_size", "1GB")
              .setServerConfig("max_connections", "200")
              .setServerConfig("listen_addresses", "127.0.0.1")
              .setServerConfig("jit", "off")
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started)));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(EmbeddedPostgres started) {
    try {
      started.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PostgresOptions options() {
    return SERVER.options;
  }

  /** Options of a place: a schema of its own, perhaps one that another place had before. */
  static PostgresOptions options(Place place) {
    return options()
        .withNamespace(SCHEMAS.computeIfAbsent(place, any -> free().orElseGet(TestServer::fresh)));
  }

  private static Optional<String> free() {
    return Optional.ofNullable(FREE.poll());
  }

  private static String fresh() {
    return "tck_"
        + Long.toString(ProcessHandle.current().pid(), 36)
        + "_"
        + NUMBERS.incrementAndGet();
  }

  static Connection connect() throws SQLException {
    return SERVER.connect(DATABASE);
  }

  /** A connection whose statements leave nothing on the server. */
  static Connection connectWithoutPreparing() throws SQLException {
    return SERVER.connect(DATABASE + "?prepareThreshold=0");
  }

  static Connection connectElsewhere() throws SQLException {
    return SERVER.connect("postgres");
  }

  private Connection connect(String database) throws SQLException {
    PostgresOptions.Address address = options.address();
    Properties login = new Properties();
    login.setProperty("user", String.valueOf(options.user()));
    if (options.password() != null) {
      login.setProperty("password", options.password());
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://" + address.host() + ":" + address.port() + "/" + database, login);
  }

  static void run(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first column of all rows. */
  static List<String> column(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static void drop(String schema) {
    run("DROP SCHEMA IF EXISTS \"" + schema + "\" CASCADE");
  }

  /** Empties the schemas of a place for the next one: that is much quicker than making new ones. */
  static void drop(Place place) {
    for (Place used : List.copyOf(SCHEMAS.keySet())) {
      if (used.name().equals(place.name())) {
        String schema = SCHEMAS.remove(used);
        run(WIPE.replace("{ns}", schema));
        FREE.add(schema);
      }
    }
  }
}
