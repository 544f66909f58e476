package dev.noria.verification;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL server on a folder and a port that stay the same, to be killed and started again.
 * Its settings are those of a fresh installation: what it acknowledges is on the disk.
 */
final class PostgresServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path data;
  private final int port;
  private final boolean transitory;
  private EmbeddedPostgres server;

  private PostgresServer(Path data, int port, boolean transitory) {
    this.data = data;
    this.port = port;
    this.transitory = transitory;
    this.server = launch();
  }

  /** The one that tests share which do not kill it; it ends with this JVM and leaves nothing. */
  private static final class Shared {
    static final PostgresServer SERVER = new PostgresServer(folder(), freePort(), true);

    private static Path folder() {
      String name = "noria-postgres-" + ProcessHandle.current().pid();
      return Path.of(System.getProperty("java.io.tmpdir"), name);
    }
  }

  /** The address of a storage in a server that all tests share, for the one test with this name. */
  static String shared(Path folder) {
    String name = String.valueOf(folder.getFileName()).toLowerCase(Locale.ROOT);
    return Shared.SERVER.address(name.replaceAll("[^a-z0-9]", "_"));
  }

  /** Starts one that keeps its data in {@code folder}. */
  static PostgresServer start(Path folder) {
    return new PostgresServer(folder.resolve("postgres"), freePort(), false);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("There is no free port.", e);
    }
  }

  private EmbeddedPostgres launch() {
    try {
      return EmbeddedPostgres.builder()
          .setDataDirectory(data)
          .setCleanDataDirectory(transitory)
          .setPort(port)
          .setPGStartupWait(PATIENCE)
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
          .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("The server on port " + port + " does not start.", e);
    }
  }

  /** Where it listens, on 127.0.0.1. */
  int port() {
    return port;
  }

  /** The address of a storage in it. */
  String address(String namespace) {
    return address(port, namespace);
  }

  /** The address of a storage in a server that is reached through another port. */
  static String address(int port, String namespace) {
    return "postgresql://postgres@127.0.0.1:" + port + "/postgres?namespace=" + namespace;
  }

  /** Sends SIGKILL to the server and all its processes, and waits until none is left. */
  void kill() throws IOException, InterruptedException {
    ProcessHandle postmaster = server.getProcess().toHandle();
    List<ProcessHandle> others = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    others.forEach(ProcessHandle::destroyForcibly);
    if (!server.getProcess().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("The server is still there after SIGKILL.");
    }
    Wait.until(
        PATIENCE,
        "its processes are gone",
        () -> others.stream().noneMatch(ProcessHandle::isAlive));
    if (!Files.exists(data.resolve("postmaster.pid"))) {
      throw new AssertionError("The server was shut down in good order. Expected a crash.");
    }
    server.close();
  }

  /** Starts it again after a kill; returns when it takes connections. */
  void restart() {
    server = launch();
  }

  /** How many deadlocks it has seen in its database since it was started. */
  long deadlocks() throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select deadlocks from pg_stat_database where datname = current_database()")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
