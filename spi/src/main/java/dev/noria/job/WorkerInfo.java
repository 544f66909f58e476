package dev.noria.job;

import java.time.Instant;
import java.util.List;

/**
 * A worker process, as it registered itself. Immutable.
 *
 * @param id random per start; never the host name
 * @param host the name of its machine
 * @param pid its process id
 * @param queues which queues it works on
 * @param types which types it has handlers for
 * @param since when it started
 * @param heartbeat when it was last heard of
 */
public record WorkerInfo(
    String id,
    String host,
    long pid,
    List<String> queues,
    List<String> types,
    Instant since,
    Instant heartbeat) {
  /** Copies the lists. */
  public WorkerInfo {
    queues = List.copyOf(queues);
    types = List.copyOf(types);
  }
}
