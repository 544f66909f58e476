package dev.noria.kernel;

import dev.noria.storage.Ack;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageException;
import java.sql.Connection;
import java.util.List;

/** Acks inside the transaction of a handler. */
record TransactionalAcks(JobStorage storage, KernelClock clock) {

  void within(Connection connection, Ack ack) {
    JdbcTransactions transactions =
        storage
            .capability(JdbcTransactions.class)
            .orElseThrow(
                () ->
                    new StorageException(
                        StorageException.Kind.LIMIT,
                        "The storage "
                            + storage.info().name()
                            + " cannot ack inside a JDBC"
                            + " transaction. Use one that can, such as SQLite on a file or"
                            + " PostgreSQL, or return normally from the handler."));
    if (!transactions.ack(connection, List.of(ack), clock.now()).get(0).isApplied()) {
      throw new StorageException(
          StorageException.Kind.CONFLICT,
          "The lease of job "
              + ack.lease().id()
              + " is lost: somebody else runs it. Expected the"
              + " current lease; roll the transaction back.");
    }
  }
}
