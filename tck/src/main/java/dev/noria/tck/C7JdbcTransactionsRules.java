package dev.noria.tck;

import dev.noria.storage.JdbcTransactions;

/** Enqueue and ack in the caller's transaction (C7). */
abstract class C7JdbcTransactionsRules extends CapabilityRules<JdbcTransactions> {
  C7JdbcTransactionsRules() {
    super(JdbcTransactions.class);
  }
}
