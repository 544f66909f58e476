package dev.noria.storage;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;

/**
 * Enqueue and ack inside the caller's own transaction: visible if and only if it commits; a
 * rollback leaves nothing, not even a key. The connection is never committed, rolled back or closed
 * by the storage; in autocommit mode each call is a transaction of its own. A connection to another
 * database is refused with {@code CONFLICT}. Sleepers are woken after the commit. The caller's
 * thread does the I/O. Thread-safe for different connections.
 */
public interface JdbcTransactions extends Capability {

  /** C7.1. As {@link JobStorage#enqueue}, inside the transaction of {@code connection}. */
  List<EnqueueReceipt> enqueue(Connection connection, List<NewJob> jobs, Instant now);

  /**
   * C7.2. As the acks of {@link JobStorage#exchange}, inside the transaction of {@code connection}:
   * the effect and the ack happen together or not at all. A STALE receipt means: roll back.
   */
  List<AckReceipt> ack(Connection connection, List<Ack> acks, Instant now);
}
