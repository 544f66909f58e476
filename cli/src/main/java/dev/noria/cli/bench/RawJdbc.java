package dev.noria.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A table of its own in a database, through JDBC, as durable as the storage is. */
final class RawJdbc implements RawDriver {
  private static final int CHUNK = 1_000;
  private static final int LEASED = 100;

  private final String dialect;
  private final String url;
  private final Properties properties = new Properties();

  private RawJdbc(String dialect, String url) {
    this.dialect = dialect;
    this.url = url;
  }

  /** SQLite with WAL, on a file of its own. */
  static RawJdbc sqlite(Path file, String synchronous) {
    RawJdbc raw = new RawJdbc("raw-sqlite", "jdbc:sqlite:" + file);
    raw.properties.setProperty("journal_mode", "WAL");
    raw.properties.setProperty("synchronous", synchronous);
    return raw;
  }

  /** A table in the database of {@code address}, dropped when it is made anew. */
  static RawJdbc postgres(String address) {
    URI uri = URI.create(address);
    int port = uri.getPort() < 0 ? 5432 : uri.getPort();
    String url = "jdbc:postgresql://" + uri.getHost() + ":" + port + uri.getPath();
    RawJdbc raw = new RawJdbc("raw-postgres", url);
    String user = uri.getUserInfo();
    if (user != null) {
      String[] parts = user.split(":", 2);
      raw.properties.setProperty("user", parts[0]);
      raw.properties.setProperty("password", parts.length > 1 ? parts[1] : "");
    }
    return raw;
  }

  private interface Work {
    double run(Connection connection) throws SQLException, InterruptedException;
  }

  @Override
  public double singles(int jobs) throws InterruptedException {
    return inCommitsOf(1, jobs);
  }

  @Override
  public double chunks(int jobs) throws InterruptedException {
    return inCommitsOf(CHUNK, jobs);
  }

  private double inCommitsOf(int size, int jobs) throws InterruptedException {
    return with(
        connection -> {
          long start = System.nanoTime();
          insert(connection, size, jobs);
          return jobs / ((System.nanoTime() - start) / 1e9);
        });
  }

  @Override
  public double drain(int jobs) throws InterruptedException {
    return with(
        connection -> {
          insert(connection, CHUNK, jobs);
          long start = System.nanoTime();
          if (leaseAndAck(connection) != jobs) {
            throw new IllegalStateException("The bare table lost jobs.");
          }
          return jobs / ((System.nanoTime() - start) / 1e9);
        });
  }

  @Override
  public Double wakeMillis(int jobs) throws InterruptedException {
    return with(
        connection -> {
          Latencies times = new Latencies(jobs);
          try (PreparedStatement lease = connection.prepareStatement(sql("lease"));
              PreparedStatement ack = connection.prepareStatement(sql("ack"))) {
            lease.setInt(1, 1);
            for (int i = 0; i < jobs; i++) {
              Waking.pause();
              long start = System.nanoTime();
              insert(connection, 1, 1);
              ack.setLong(1, take(lease).get(0));
              connection.commit();
              times.add(System.nanoTime() - start);
              int ignored = ack.executeUpdate();
              connection.commit();
            }
          }
          return times.millis(0.5);
        });
  }

  private void insert(Connection connection, int size, int jobs) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(sql("insert"))) {
      for (int i = 1; i <= jobs; i++) {
        insert.setBytes(1, new byte[PAYLOAD]);
        insert.addBatch();
        if (i % size == 0 || i == jobs) {
          int[] ignored = insert.executeBatch();
          connection.commit();
        }
      }
    }
  }

  private int leaseAndAck(Connection connection) throws SQLException {
    int done = 0;
    try (PreparedStatement lease = connection.prepareStatement(sql("lease"));
        PreparedStatement ack = connection.prepareStatement(sql("ack"))) {
      lease.setInt(1, LEASED);
      for (List<Long> leased = take(lease); !leased.isEmpty(); leased = take(lease)) {
        connection.commit();
        for (long number : leased) {
          ack.setLong(1, number);
          ack.addBatch();
        }
        int[] ignored = ack.executeBatch();
        connection.commit();
        done += leased.size();
      }
    }
    return done;
  }

  private static List<Long> take(PreparedStatement lease) throws SQLException {
    List<Long> numbers = new ArrayList<>(LEASED);
    try (ResultSet rows = lease.executeQuery()) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
        byte[] ignored = rows.getBytes(2);
      }
    }
    return numbers;
  }

  private double with(Work work) throws InterruptedException {
    try (Connection connection = DriverManager.getConnection(url, properties);
        Statement statement = connection.createStatement()) {
      boolean ignored = statement.execute(sql("create"));
      connection.setAutoCommit(false);
      return work.run(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("The bare driver failed on " + url + ".", e);
    }
  }

  private String sql(String name) {
    String resource = dialect + "/" + name + ".sql";
    try (InputStream in = RawJdbc.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("The resource " + resource + " is missing.");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("The resource " + resource + " cannot be read.", e);
    }
  }
}
