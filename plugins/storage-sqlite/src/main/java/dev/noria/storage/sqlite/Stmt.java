package dev.noria.storage.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A prepared statement that is bound from left to right and run. Not thread-safe. */
final class Stmt {
  private final PreparedStatement statement;
  private int index;

  /** Makes a value of the current row; columns count from 1. */
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  Stmt(PreparedStatement statement) {
    this.statement = statement;
  }

  Stmt with(long value) throws SQLException {
    statement.setLong(++index, value);
    return this;
  }

  Stmt with(@Nullable String value) throws SQLException {
    statement.setString(++index, value);
    return this;
  }

  Stmt with(byte @Nullable [] value) throws SQLException {
    statement.setBytes(++index, value);
    return this;
  }

  /** Runs a change; says how many rows it touched. */
  int run() throws SQLException {
    index = 0;
    return statement.executeUpdate();
  }

  /** Runs something without rows or counts, such as BEGIN. */
  void execute() throws SQLException {
    index = 0;
    statement.execute();
  }

  /** The rows, to be closed by the caller before this statement is used again. */
  ResultSet rows() throws SQLException {
    index = 0;
    return statement.executeQuery();
  }

  <T> List<T> all(Mapper<T> mapper) throws SQLException {
    List<T> found = new ArrayList<>();
    try (ResultSet rows = rows()) {
      while (rows.next()) {
        found.add(mapper.map(rows));
      }
    }
    return found;
  }

  List<Long> numbers() throws SQLException {
    return all(row -> row.getLong(1));
  }

  <T> Optional<T> first(Mapper<T> mapper) throws SQLException {
    try (ResultSet rows = rows()) {
      return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
    }
  }

  /** The number in the only row, or {@code otherwise} when there is none. */
  long number(long otherwise) throws SQLException {
    try (ResultSet rows = rows()) {
      return rows.next() ? rows.getLong(1) : otherwise;
    }
  }

  /** A value of the current row; the driver answers null for an empty one. */
  static byte[] bytes(ResultSet row, int column) throws SQLException {
    byte @Nullable [] value = row.getBytes(column);
    return value == null ? new byte[0] : value;
  }

  void close() throws SQLException {
    statement.close();
  }
}
