package dev.noria.kernel;

import dev.noria.storage.Ack;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.StorageException;
import java.sql.Connection;
import java.util.List;

/** Acks inside the transaction of a handler. */
record TransactionalAcks(Client client) {

  void within(Connection connection, Ack ack) {
    JdbcTransactions transactions = client.capability(JdbcTransactions.class);
    if (!transactions.ack(connection, List.of(ack), client.clock().now()).get(0).isApplied()) {
      throw new StorageException(
          StorageException.Kind.CONFLICT,
          "The lease of job "
              + ack.lease().id()
              + " is lost: somebody else runs it. Expected the"
              + " current lease; roll the transaction back.");
    }
  }
}
