package dev.noria.storage.postgres;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls on the caller's connection. What they have to tell is notified inside the caller's
 * transaction, which the server delivers after the commit; dependents are settled by maintenance.
 */
final class OwnTransactions implements JdbcTransactions {
  private final Server server;
  private final long identity;

  OwnTransactions(Server server) {
    this.server = server;
    this.identity =
        server.apart(session -> session.sql("meta.value").with(Migrations.IDENTITY).number(0));
  }

  @Override
  public List<EnqueueReceipt> enqueue(Connection connection, List<NewJob> jobs, Instant now) {
    return call(connection, tx -> Enqueue.run(tx, jobs, now.toEpochMilli()));
  }

  @Override
  public List<AckReceipt> ack(Connection connection, List<Ack> acks, Instant now) {
    return call(connection, tx -> Acks.run(tx, acks, now.toEpochMilli()));
  }

  private <T> T call(Connection connection, Server.Work<T> work) {
    try {
      checkSame(connection);
      return connection.getAutoCommit() ? committed(connection, work) : result(connection, work);
    } catch (SQLException e) {
      if (Errors.isRepeatable(e)) {
        throw new StorageException(
            Kind.CONFLICT,
            "The transaction on "
                + server.location()
                + " met another one. Roll it back and repeat it.",
            e);
      }
      throw Errors.of(e, server.location(), false);
    }
  }

  private <T> T result(Connection connection, Server.Work<T> work) throws SQLException {
    Tx tx = new Tx(server.session(connection), "");
    T result = work.run(tx);
    tx.flush();
    return result;
  }

  private <T> T committed(Connection connection, Server.Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = result(connection, work);
      commit(connection);
      return result;
    } catch (SQLException | RuntimeException e) {
      server.rollback(connection, e);
      throw e;
    } finally {
      server.restore(connection);
    }
  }

  /** Nobody knows what became of a commit whose answer is lost. */
  private void commit(Connection connection) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException e) {
      if (Errors.isBroken(e)) {
        throw Errors.of(e, server.location(), true);
      }
      throw e;
    }
  }

  private void checkSame(Connection connection) throws SQLException {
    Session session = server.session(connection);
    boolean same;
    try {
      // Asked first, because in PostgreSQL a failing statement spoils the whole transaction.
      same =
          session.sql("session.has_meta").isTrue()
              && session.sql("meta.value").with(Migrations.IDENTITY).number(0) == identity;
    } catch (SQLException e) {
      if (Errors.isBroken(e) || Errors.state(e).startsWith("25")) {
        throw e;
      }
      throw foreign(e);
    }
    if (!same) {
      throw foreign(null);
    }
  }

  private StorageException foreign(@Nullable SQLException cause) {
    return new StorageException(
        Kind.CONFLICT,
        "The connection belongs to another database. Expected one to "
            + server.location()
            + ": only a transaction there can carry jobs of this storage.",
        cause);
  }
}
