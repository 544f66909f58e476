package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A statement that is bound from left to right, run once, and closed. The driver keeps it prepared.
 * One that gathers may be bound and run many times; all of that goes over when it is sent. Not
 * thread-safe.
 */
final class Stmt {
  private final Connection connection;
  private final PreparedStatement statement;
  private int index;
  private boolean gathers;

  /** Makes a value of the current row; columns count from 1. */
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  Stmt(Connection connection, String text) throws SQLException {
    this.connection = connection;
    this.statement = connection.prepareStatement(text);
  }

  /** Ready to be bound; what is run waits until it is sent. */
  Stmt gather() {
    index = 0;
    gathers = true;
    return this;
  }

  /** Sends what was gathered. */
  void send() throws SQLException {
    try (statement) {
      statement.executeBatch();
    }
  }

  /** Gives up after so many seconds, also where no limit of the transaction can be set. */
  Stmt within(int seconds) throws SQLException {
    statement.setQueryTimeout(seconds);
    return this;
  }

  Stmt with(long value) throws SQLException {
    statement.setLong(++index, value);
    return this;
  }

  /** A 32-bit number, where a function asks for exactly that. */
  Stmt word(int value) throws SQLException {
    statement.setInt(++index, value);
    return this;
  }

  Stmt with(boolean value) throws SQLException {
    statement.setBoolean(++index, value);
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

  Stmt with(JobId value) throws SQLException {
    statement.setObject(++index, value.toUuid());
    return this;
  }

  /** A number; -1 is NULL. */
  Stmt orNull(long value) throws SQLException {
    if (value == -1) {
      statement.setNull(++index, Types.BIGINT);
    } else {
      statement.setLong(++index, value);
    }
    return this;
  }

  Stmt array(String type, @Nullable Object[] values) throws SQLException {
    statement.setArray(++index, connection.createArrayOf(type, values));
    return this;
  }

  /** An array of primitive numbers, which goes over in binary. */
  Stmt numbers(Object array) throws SQLException {
    statement.setObject(++index, array);
    return this;
  }

  Stmt ids(Collection<JobId> ids) throws SQLException {
    UUID[] uuids = new UUID[ids.size()];
    int i = 0;
    for (JobId id : ids) {
      uuids[i++] = id.toUuid();
    }
    return array("uuid", uuids);
  }

  /** Runs a change; says how many rows it touched, 0 if that is not known yet. */
  int run() throws SQLException {
    if (gathers) {
      statement.addBatch();
      return 0;
    }
    try (statement) {
      return statement.executeUpdate();
    }
  }

  /** Runs something whose rows do not matter. */
  void execute() throws SQLException {
    try (statement) {
      statement.execute();
    }
  }

  <T> List<T> all(Mapper<T> mapper) throws SQLException {
    List<T> found = new ArrayList<>();
    try (statement;
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(mapper.map(rows));
      }
    }
    return found;
  }

  List<JobId> ids() throws SQLException {
    return all(row -> id(row, 1));
  }

  <T> Optional<T> first(Mapper<T> mapper) throws SQLException {
    try (statement;
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
    }
  }

  /** The number in the first row, or {@code otherwise} when there is none or it is NULL. */
  long number(long otherwise) throws SQLException {
    try (statement;
        ResultSet rows = statement.executeQuery()) {
      if (!rows.next()) {
        return otherwise;
      }
      long value = rows.getLong(1);
      return rows.wasNull() ? otherwise : value;
    }
  }

  /** The truth in the first row. */
  boolean isTrue() throws SQLException {
    try (statement;
        ResultSet rows = statement.executeQuery()) {
      return rows.next() && rows.getBoolean(1);
    }
  }

  static JobId id(ResultSet row, int column) throws SQLException {
    return JobId.of(row.getObject(column, UUID.class));
  }

  /** A number of the current row; -1 for NULL. */
  static long number(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? -1 : value;
  }

  static byte[] bytes(ResultSet row, int column) throws SQLException {
    byte @Nullable [] value = row.getBytes(column);
    return value == null ? new byte[0] : value;
  }

  /** An array of 32-bit numbers of the current row. */
  static int[] words(ResultSet row, int column) throws SQLException {
    Integer[] boxed = (Integer[]) row.getArray(column).getArray();
    int[] words = new int[boxed.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = boxed[i];
    }
    return words;
  }
}
