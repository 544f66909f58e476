package dev.noria.storage.sqlite;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Runs calls on the caller's connection; others see its commit by the data version. */
final class OwnTransactions implements JdbcTransactions {
  private final Database database;

  OwnTransactions(Database database) {
    this.database = database;
  }

  @Override
  public List<EnqueueReceipt> enqueue(Connection connection, List<NewJob> jobs, Instant now) {
    return call(connection, tx -> Enqueue.run(tx, jobs, now.toEpochMilli()));
  }

  @Override
  public List<AckReceipt> ack(Connection connection, List<Ack> acks, Instant now) {
    return call(connection, tx -> Acks.run(tx, acks, new Report(), now.toEpochMilli()));
  }

  private <T> T call(Connection connection, Writer.Work<T> work) {
    try (Session session = Session.borrowing(connection, database.sql())) {
      boolean own = connection.getAutoCommit();
      checkSame(session);
      if (own) {
        database.begin(session);
      } else {
        // A read first and a write later could meet somebody else's commit in between.
        database.retrying(() -> session.sql("session.take_write_lock").run());
      }
      return own ? committed(session, work) : result(session, work);
    } catch (SQLException e) {
      if (Errors.isBusy(e)) {
        throw new StorageException(
            Kind.CONFLICT,
            "The transaction on "
                + database.location()
                + " met another writer. Roll it back and repeat it.",
            e);
      }
      throw Errors.of(e, database.location(), false);
    }
  }

  private <T> T result(Session session, Writer.Work<T> work) throws SQLException {
    T result = work.run(new Tx(session, database.place(), new News()));
    session.mirror().flush();
    return result;
  }

  private <T> T committed(Session session, Writer.Work<T> work) throws SQLException {
    try {
      T result = result(session, work);
      session.sql("session.commit").execute();
      return result;
    } catch (SQLException | RuntimeException e) {
      session.rollback();
      throw e;
    }
  }

  private void checkSame(Session session) {
    String found;
    try {
      found = session.sql("session.database").first(row -> row.getString(1)).orElse("");
    } catch (SQLException e) {
      throw foreign("another kind of database", e);
    }
    if (found == null || found.isEmpty() || !isSame(Path.of(found))) {
      throw foreign(found == null || found.isEmpty() ? "a database in memory" : found, null);
    }
  }

  private boolean isSame(Path found) {
    Path ours = database.file().orElseThrow();
    try {
      // Compares by stat; the files are not opened.
      return Files.isSameFile(found, ours);
    } catch (IOException e) {
      return found.toAbsolutePath().normalize().equals(ours.normalize());
    }
  }

  private StorageException foreign(
      String found, @org.jspecify.annotations.Nullable SQLException cause) {
    return new StorageException(
        Kind.CONFLICT,
        "The connection belongs to "
            + found
            + ". Expected one to "
            + database.location()
            + ": only a transaction there can carry jobs of this storage.",
        cause);
  }
}
