package dev.noria.storage.sqlite;

import dev.noria.job.JobState;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The second half of an exchange: leases what was asked for (S2). */
final class Dequeue {
  private static final int PROMOTED = 1_000;

  private final Tx tx;
  private final DequeueRequest request;
  private final long now;
  private final Claim claim;
  private final Report report;
  private final Set<String> paused = new HashSet<>();
  private long nextDue = Long.MAX_VALUE;

  Dequeue(Tx tx, DequeueRequest request, Report report, long now) {
    this.tx = tx;
    this.request = request;
    this.report = report;
    this.now = now;
    this.claim = new Claim(tx, request, report, now);
  }

  Exchange run(List<AckReceipt> receipts) throws SQLException {
    for (Demand demand : request.demands()) {
      QueueRow queue = tx.mirror().queueIfThere(demand.queue());
      if (queue == null) {
        continue;
      }
      if (queue.paused) {
        paused.add(queue.name);
        continue;
      }
      take(queue, demand);
      look(queue);
    }
    Dependents.settleNews(tx, report, now);
    return new Exchange(
        receipts,
        claim.jobs,
        nextDue == Long.MAX_VALUE ? null : Instant.ofEpochMilli(nextDue),
        report.ended,
        paused,
        null);
  }

  private void take(QueueRow queue, Demand demand) throws SQLException {
    int left = Math.min(demand.limit(), request.total() - claim.jobs.size());
    if (left <= 0 || claim.full) {
      return;
    }
    Waiting.promote(tx, queue, Math.max(PROMOTED, request.total()), now);
    new Ring(tx, queue, claim, now).take(left);
  }

  /** When the next job of the queue may start. */
  private void look(QueueRow queue) throws SQLException {
    if (queue.count(JobState.SCHEDULED) > 0) {
      due(tx.sql("dequeue.next_due").with(queue.id).number(-1));
    }
    if (queue.groupedReady > 0) {
      due(tx.sql("dequeue.next_resume").with(queue.id).number(-1));
    }
  }

  private void due(long at) {
    if (at >= 0) {
      nextDue = Math.min(nextDue, at);
    }
  }
}
