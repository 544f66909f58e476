package dev.noria;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobKind;
import dev.noria.job.JobOption;
import dev.noria.job.JobRequest;
import dev.noria.job.NewJob;
import dev.noria.kernel.Client;
import java.sql.Connection;
import java.util.List;

/**
 * Enqueues inside a transaction of the caller: the jobs are there if and only if it commits; a
 * rollback leaves nothing, not even a key. The connection is never committed, rolled back or
 * closed. For one connection and its thread. Made by {@link JobQueue#within}.
 */
public final class Transactional {
  private final Client client;
  private final Connection connection;

  Transactional(Client client, Connection connection) {
    this.client = client;
    this.connection = connection;
  }

  /**
   * Enqueues one job.
   *
   * @throws dev.noria.job.RejectedException if it is refused
   * @throws dev.noria.storage.StorageException if the storage cannot join the transaction
   */
  public <P> EnqueueReceipt enqueue(JobKind<P> kind, P payload, JobOption... options) {
    NewJob job = client.prepare(kind.job(payload, options));
    return Client.accepted(job, client.enqueuePrepared(List.of(job), connection).get(0));
  }

  /** Enqueues several jobs; one receipt for each, in order. */
  public List<EnqueueReceipt> enqueueAll(List<? extends JobRequest<?>> requests) {
    List<NewJob> jobs = requests.stream().<NewJob>map(client::prepare).toList();
    return client.enqueuePrepared(jobs, connection);
  }
}
