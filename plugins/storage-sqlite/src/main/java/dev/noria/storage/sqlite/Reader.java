package dev.noria.storage.sqlite;

import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Reads on a connection of its own, beside the writer; a database in memory has only one. */
final class Reader {
  private final Database database;
  private final Writer writer;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Session session;
  private boolean closed;

  /** Something to read. */
  interface Look<T> {
    T read(Session session) throws SQLException;
  }

  Reader(Database database, Writer writer) {
    this.database = database;
    this.writer = writer;
  }

  /** Reads in one snapshot. */
  <T> T read(Look<T> look) {
    if (database.inMemory()) {
      return writer.call(tx -> look.read(tx.session()));
    }
    lock.lock();
    try {
      return database.retrying(() -> inSnapshot(look));
    } catch (SQLException e) {
      drop();
      throw Errors.of(e, database.location(), false);
    } catch (RuntimeException e) {
      drop();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private <T> T inSnapshot(Look<T> look) throws SQLException {
    if (closed) {
      throw new SQLException("The storage is closed");
    }
    Session current = session;
    if (current == null) {
      current = database.open();
      session = current;
    }
    current.sql("session.begin_read").execute();
    try {
      return look.read(current);
    } finally {
      current.rollback();
    }
  }

  private void drop() {
    Session current = session;
    session = null;
    if (current != null) {
      try {
        current.close();
      } catch (SQLException e) {
        database.log().warn("A connection to {} did not close", database.location(), e);
      }
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      drop();
    } finally {
      lock.unlock();
    }
  }
}
