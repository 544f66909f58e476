package dev.noria.verification;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A user's own connections to the database that a storage lives in, and a table of theirs. */
final class Jdbc {
  private static final String SQLITE = "sqlite://";
  private static final String POSTGRES = "postgresql://";

  private final String url;

  private Jdbc(String url) {
    this.url = url;
  }

  /** The database of the storage at {@code address}. */
  static Jdbc of(String address) {
    if (address.startsWith(SQLITE)) {
      return new Jdbc("jdbc:sqlite:" + address.substring(SQLITE.length()) + "?busy_timeout=20000");
    }
    if (address.startsWith(POSTGRES)) {
      String plain = address.substring(POSTGRES.length(), address.indexOf('?'));
      int at = plain.indexOf('@');
      String user = plain.substring(0, at);
      return new Jdbc("jdbc:postgresql://" + plain.substring(at + 1) + "?user=" + user);
    }
    throw new IllegalArgumentException(address + " is in no database with JDBC.");
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  /** Makes the table with a counter at zero. */
  void createCounter() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("create table effects_of_jobs (n bigint not null)");
      statement.executeUpdate("insert into effects_of_jobs values (0)");
    }
  }

  /** One effect, in the transaction of the connection. */
  static void count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("update effects_of_jobs set n = n + 1");
    }
  }

  /** How many effects there were. */
  long counted() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select n from effects_of_jobs")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
