package dev.noria.storage.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * A connection with its prepared statements and, where it writes, what it knows of the database.
 * Not thread-safe: its holder sees to that.
 */
final class Session implements AutoCloseable {
  private final Connection connection;
  private final Sql sql;
  private final boolean owned;
  private final Map<String, Stmt> statements = new HashMap<>();
  private final Mirror mirror = new Mirror(this);

  /** A session that closes {@code connection} when it ends. */
  static Session owning(Connection connection, Sql sql) {
    return new Session(connection, sql, true);
  }

  /** A session over somebody else's connection: only its statements are closed. */
  static Session borrowing(Connection connection, Sql sql) {
    return new Session(connection, sql, false);
  }

  private Session(Connection connection, Sql sql, boolean owned) {
    this.connection = connection;
    this.sql = sql;
    this.owned = owned;
  }

  Mirror mirror() {
    return mirror;
  }

  Stmt sql(String name) throws SQLException {
    Stmt statement = statements.get(name);
    if (statement == null) {
      statement = new Stmt(connection.prepareStatement(sql.text(name)));
      statements.put(name, statement);
    }
    return statement;
  }

  /** Runs a statement that is needed once. */
  void once(String text) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  Sql texts() {
    return sql;
  }

  /** Ends whatever transaction is open, if one is. */
  void rollback() throws SQLException {
    mirror.clear();
    try {
      sql("session.rollback").execute();
    } catch (SQLException e) {
      // Grave errors roll back by themselves; then there is nothing to end.
      if (!Errors.isNoTransaction(e)) {
        throw e;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    for (Stmt statement : statements.values()) {
      statement.close();
    }
    statements.clear();
    if (owned) {
      connection.close();
    }
  }
}
