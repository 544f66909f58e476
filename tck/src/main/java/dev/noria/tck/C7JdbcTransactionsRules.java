package dev.noria.tck;

import dev.noria.storage.JdbcTransactions;
import java.sql.Connection;
import java.sql.SQLException;

/** Enqueue and ack in the caller's transaction (C7). */
abstract class C7JdbcTransactionsRules extends CapabilityRules<JdbcTransactions> {
  C7JdbcTransactionsRules() {
    super(JdbcTransactions.class);
  }

  /** A connection to the place of the rig's storage. */
  abstract Connection connection() throws SQLException;

  /** A connection to another database. */
  abstract Connection foreignConnection() throws SQLException;
}
